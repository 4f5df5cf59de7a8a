// In place of the package regexp-match-indices, which makes with a parser of its own what Node does by itself.

/** @param {RegExp} regexp @param {string} text */
export default (regexp, text) => new RegExp(regexp.source, `${regexp.flags}d`).exec(text);
