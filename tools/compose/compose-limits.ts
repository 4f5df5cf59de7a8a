import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type LineCounter,
  Parser,
  type Document as Yaml,
} from 'yaml';

/** Why a text is not read any further, and the offset of what is to blame. */
export interface Excess {
  offset: number;
  message: string;
}

/** No compose file that a person wrote comes near to these limits. */
export const MOST_BYTES = 200_000;
const MOST_LEVELS = 100;
/** The whole text is searched for each alias. */
const MOST_ALIASES = 1000;
/** The size of the text with its aliases replaced, in characters and values. */
const MOST_EXPANDED = 20 * MOST_BYTES;

const tooDeep = (offset: number): Excess => ({
  offset,
  message: `this is nested more than ${MOST_LEVELS} deep: write it flatter`,
});

/** Looks before the text is composed, as that takes a part of the stack for each level; `lines` learns its lines. */
export function excessOfText(text: string, lines: LineCounter): Excess | null {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    // The parser's tokens are of no use here; its stack says how deep the text is nested.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MOST_LEVELS) return tooDeep(parser.offset);
  }
  return null;
}

interface Extent {
  /** The size in characters and values. */
  size: number;
  levels: number;
}

const ENDLESS: Extent = { size: Number.POSITIVE_INFINITY, levels: 0 };

/**
 * Looks before aliases are replaced: they can make a short text grow without end, also by standing inside of what
 * they stand for, and nest it without end.
 */
export function excessOfAliases(document: Yaml): Excess | null {
  const anchors = new Map<string, Extent>();
  let excess: Excess | null = null;
  let aliases = 0;
  const measure = (node: unknown): Extent => {
    if (isAlias(node)) {
      const extent = anchors.get(node.source);
      excess ??= extent ? null : standsForNothing(node);
      if (++aliases > MOST_ALIASES) excess ??= endless(node);
      return extent ?? { size: 0, levels: 0 };
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor) anchors.set(anchor, ENDLESS);
    const extent = { size: 1 + (isScalar(node) ? (node.source ?? '').length : 0), levels: 1 };
    for (const child of childrenOf(node)) {
      const inside = measure(child);
      extent.size += inside.size;
      extent.levels = Math.max(extent.levels, 1 + inside.levels);
      excess ??= excessAt(child, extent);
      if (excess) break;
    }
    if (anchor) anchors.set(anchor, extent);
    return extent;
  };
  measure(document.contents);
  return excess;
}

const offsetOf = (node: unknown) => (node as { range?: number[] } | null)?.range?.[0] ?? 0;

const standsForNothing = (alias: Alias): Excess => ({
  offset: offsetOf(alias),
  message: `*${alias.source} stands for nothing: write &${alias.source} before a value above it`,
});

const endless = (node: unknown): Excess => ({
  offset: offsetOf(node),
  message: 'aliases make this grow without end: write the values out',
});

function excessAt(node: unknown, { size, levels }: Extent): Excess | null {
  if (levels > MOST_LEVELS) return tooDeep(offsetOf(node));
  return size > MOST_EXPANDED ? endless(node) : null;
}

function childrenOf(node: unknown): unknown[] {
  if (isSeq(node)) return node.items;
  return isMap(node) ? node.items.flatMap(({ key, value }) => [key, value]) : [];
}
