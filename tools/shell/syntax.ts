import { forEachChild, type ParsedScript, type ParseError, parse, type SyntaxNode } from 'unbash';

/** Nodes of bash's grammar, by the names that the parser gives them. */
export type Node = SyntaxNode;
export type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;

/** What bash refuses, and where in the text, in UTF-16 units. */
export interface SyntaxFault {
  message: string;
  offset: number;
}

/** The parser's own limit, and what keeps its time in proportion to the text. */
const DEEPEST = 256;
const MOST_HERE_DOCUMENTS = 64;

/** The syntax tree of a text. One that is nested deeper than any script is has an empty tree, with the fault in it. */
export function parseShell(text: string): ParsedScript {
  const fault = excessOf(text);
  if (fault === null) return parse(text);
  return { ...parse(''), errors: [fault] };
}

function excessOf(text: string): ParseError | null {
  let [depth, documents] = [0, 0];
  for (let pos = 0; pos < text.length; pos++) {
    const char = text[pos];
    if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth = Math.max(0, depth - 1);
    else if (char === '\n') documents = 0;
    else if (char === '<' && text[pos + 1] === '<') documents++;
    if (depth > DEEPEST) return { message: 'this is nested too deep to be read', pos };
    if (documents > MOST_HERE_DOCUMENTS) return { message: 'one line has too many here-documents', pos };
  }
  return null;
}

/** Every node below one, and itself, parents before children. */
export function everyNode(root: Node): Node[] {
  const nodes: Node[] = [root];
  // What is added while it goes on is visited, too.
  for (const node of nodes) forEachChild(node, (child) => void nodes.push(child));
  return nodes;
}

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  forEachChild(node, (child) => void children.push(child));
  return children;
}

/** The first thing in a script that bash would refuse to read; null where there is none. */
export function firstFault(script: ParsedScript, text: string): SyntaxFault | null {
  const nodes = everyNode(script);
  const faults = [...(script.errors ?? []), ...nodes.flatMap(faultsWithin)];
  const [first] = [...faults, ...extendedGlobs(nodes)].sort((a, b) => a.pos - b.pos);
  // What is missing at the end is missing in the last line, and not below it.
  return first ? { message: first.message, offset: Math.min(first.pos, text.trimEnd().length) } : null;
}

/** What is wrong in a substitution. Code that backquotes escape has places of its own, which mean nothing outside of it. */
function faultsWithin(node: Node): ParseError[] {
  if (node.type !== 'CommandExpansion' && node.type !== 'ProcessSubstitution') return [];
  const { errors = [], source } = node.script ?? {};
  return errors.map((error) => (source === undefined ? error : { ...error, pos: node.pos }));
}

/** `!(…)` and its like, which a script's bash only reads in a test, or below a line that has switched them on. */
function extendedGlobs(nodes: Node[]): ParseError[] {
  const switchedOn = nodes.find(
    (node) => node.type === 'Command' && node.name?.value === 'shopt' && node.suffix.some(isExtglob),
  );
  const inTests = new Set(nodes.filter((node) => node.type.startsWith('Test')).flatMap(childrenOf));
  const words = nodes.filter((node): node is NodeOf<'Word'> => node.type === 'Word' && !inTests.has(node));
  return words
    .flatMap(({ parts = [] }) => parts.filter(({ type }) => type === 'ExtendedGlob'))
    .filter(({ pos }) => !switchedOn || pos < switchedOn.pos)
    .map(({ pos, text }) => ({ message: `\`${text}\` is read only below \`shopt -s extglob\``, pos }));
}

const isExtglob = (part: NodeOf<'Command'>['suffix'][number]) =>
  part.type === 'Word' && part.value === 'extglob';
