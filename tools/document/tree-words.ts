/** What stands anywhere in a statement's syntax tree, found in one walk of it. */
export interface TreeWords {
  /** The kinds of nodes, and the names of their fields. */
  keys: Set<string>;
  /** The fields that hold a text, each with it: `relname:users`, `subtype:AT_DropColumn`. */
  fields: Set<string>;
  /** The names, without their schemas, of the functions that are called. */
  functions: Set<string>;
}

type Call = { funcname?: { String?: { sval?: string } }[] };

export function treeWords(tree: object): TreeWords {
  const words: TreeWords = { keys: new Set(), fields: new Set(), functions: new Set() };
  const rest: object[] = [tree];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    // Trees have a node for each word of a page's SQL: a list of the entries of each would be made to be thrown away.
    for (const key in node) {
      const inner = (node as Record<string, unknown>)[key];
      if (typeof inner === 'string') words.fields.add(`${key}:${inner}`);
      if (typeof inner === 'object' && inner !== null) rest.push(inner);
      if (Array.isArray(node)) continue;
      words.keys.add(key);
      const name = key === 'FuncCall' && (inner as Call).funcname?.at(-1)?.String?.sval;
      if (name) words.functions.add(name);
    }
  }
  return words;
}
