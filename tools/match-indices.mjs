// In place of the package regexp-match-indices, which makes with a parser of its own what Node does by itself.

/** @type {WeakMap<RegExp, RegExp>} */
const made = new WeakMap();

/** @param {RegExp} regexp @param {string} text */
export default function execWithIndices(regexp, text) {
  const known = made.get(regexp) ?? new RegExp(regexp.source, `${regexp.flags}d`);
  made.set(regexp, known);
  // Each call begins anew, also where the expression is one that goes on.
  known.lastIndex = 0;
  return known.exec(text);
}
