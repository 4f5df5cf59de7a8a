import { align } from '../expect/align.ts';
import { literalLine } from '../expect/literal-line.ts';
import { type PatternLine, parsePatternLine } from '../expect/pattern-line.ts';
import type { Edit } from '../text/edit.ts';
import { type OutputFence, printedFor } from './judge-fence.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';

/**
 * The edits that make a fence say what was printed: a line that differs is replaced, one that was not printed goes, and
 * one that was printed alone comes. Of a pattern only numbers change; the patterns that this is not enough for are `left`,
 * and then no line of the fence changes. Null where there is no remedy for another reason.
 */
export function rewriteFence(
  source: Source,
  fence: OutputFence,
  output: Output,
): Edit[] | { left: Left[] } | null {
  if ('invalid' in fence.compiled) return null;
  const { patterns } = fence.compiled;
  const printed = printedFor(patterns, fence, output);
  if (printed.missing !== null) return null;
  const lines = printed.text === '' ? [] : printed.text.replace(/\n$/, '').split('\n');
  const texts: (string | null)[] = patterns.map(({ source }) => source);
  const extra = new Map<number, string[]>();
  const left: Left[] = [];
  let last = -1;
  for (const { index, actual, same } of align(patterns.map(loosened), lines)) {
    const pattern = index === null ? undefined : patterns[index];
    if (index !== null) last = index;
    if (pattern && same && actual !== null && !pattern.test(actual))
      texts[index as number] = mended(pattern, actual);
    if (same) continue;
    if (pattern && !isLiteral(pattern)) {
      left.push({ line: fence.body.line + (index as number), text: pattern.source, printed: actual });
      continue;
    }
    const text = actual === null ? null : literalLine(actual);
    if (index !== null) texts[index] = text;
    else if (text !== null) extra.set(last, [...(extra.get(last) ?? []), text]);
  }
  return left.length > 0 ? { left } : editsOf(source, fence, texts, extra);
}

/** A pattern that does not fit, at its line; `printed` is the line that stands in its place, null where there is none. */
export interface Left {
  line: number;
  text: string;
  printed: string | null;
}

/** Accepts, too, what differs from it in numbers alone: such a line is the one that is meant. */
function loosened(pattern: PatternLine): PatternLine {
  if (pattern.kind === 'any' || pattern.most !== 1) return pattern;
  const shape = isLiteral(pattern) ? shapeOf(pattern.source) : null;
  return {
    ...pattern,
    test: (line) =>
      pattern.test(line) || (shape === null ? mended(pattern, line) !== null : shape === shapeOf(line)),
  };
}

/** A line without its numbers, and without the blanks and rules that fill up the columns of a table. */
const shapeOf = (line: string) =>
  line
    .replaceAll(/\d+/g, '0')
    .replaceAll(/[\s-]+/g, ' ')
    .trim();

/** Whether the pattern says one line, word by word. */
const isLiteral = ({ source, kind, least, most, captures, test }: PatternLine) =>
  kind === 'line' &&
  least === 1 &&
  most === 1 &&
  captures === null &&
  test(source) &&
  !test(`${source}\u0001`);

const NUMBERS = /<[a-z_]\w*>|\d+/gi;

/**
 * A pattern with the numbers of a line that it would accept with them; null where it would accept it with none. Of a
 * literal line, the line.
 */
function mended(pattern: PatternLine, line: string): string | null {
  if (isLiteral(pattern)) return literalLine(line);
  const { source } = pattern;
  if (/ \(re(gex)?\??\)$/.test(source)) return null;
  const suffix = / \([a-z]*\??\)$/.exec(source)?.[0] ?? '';
  const text = source.slice(0, source.length - suffix.length);
  const found = numbersThere(text, / \(gl(ob)?\??\)$/.test(suffix), line);
  if (!found) return null;
  let nth = 0;
  const changed = text.replaceAll(NUMBERS, (part) => (part.startsWith('<') ? part : (found[nth++] ?? part)));
  const candidate = `${changed}${suffix}`;
  return parsePatternLine(candidate).test(line) ? candidate : null;
}

/** The numbers that stand in the line where a pattern has its own, in order. */
function numbersThere(text: string, isGlob: boolean, line: string): string[] | null {
  const numbers: string[] = [];
  let at = 0;
  let isLoose = false;
  for (const [part] of text.matchAll(isGlob ? /\d+|[*?]|[^\d*?]+/g : /<[a-z_]\w*>|\d+|[^\d<]+|</gi)) {
    if (isGlob ? part === '*' || part === '?' : /^<\w+>$/.test(part)) {
      isLoose = true;
      continue;
    }
    const isNumber = /^\d+$/.test(part);
    const from = isLoose && !isNumber ? line.indexOf(part, at) : at;
    const number = isNumber ? /\d+/.exec(line.slice(at)) : null;
    if (from < 0 || (isNumber && (!number || (!isLoose && number.index > 0)))) return null;
    if (!isNumber && !line.startsWith(part, from)) return null;
    if (number) numbers.push(number[0]);
    at = number ? at + number.index + number[0].length : from + part.length;
    isLoose = false;
  }
  return numbers;
}

/** Changes the lines of the fence that have another text now, or none, and puts the new ones between them. */
function editsOf(
  { text, lines }: Source,
  { body, lines: old }: OutputFence,
  texts: (string | null)[],
  extra: Map<number, string[]>,
): Edit[] | null {
  const edits: Edit[] = [];
  const first = body.line - 1;
  const opening = lines[first - 1];
  if (!opening) return null;
  const ending = text.slice(opening.end, lines[first]?.start);
  const prefixes = old.map((line, i) => prefixOf(text, lines[first + i], line));
  if (prefixes.includes(null)) return null;
  const indent = text
    .slice(opening.start, opening.end)
    .replace(/(`{3,}|~{3,}).*$/s, '')
    .replaceAll(/[-*+\d.)]/g, ' ');
  const insert = (behind: number) => {
    const at = lines[first + behind + 1]?.start ?? text.length;
    const prefix = prefixes[Math.max(behind, 0)] ?? indent;
    const added = (extra.get(behind) ?? []).map((line) => `${prefix}${line}${ending}`);
    if (added.length > 0) edits.push({ start: at, end: at, text: added.join('') });
  };
  insert(-1);
  for (const [i, line] of old.entries()) {
    const span = lines[first + i] as Source['lines'][number];
    const now = texts[i] ?? null;
    if (now === null)
      edits.push({ start: span.start, end: lines[first + i + 1]?.start ?? span.end, text: '' });
    else if (now !== line) edits.push({ start: span.end - line.length, end: span.end, text: now });
    insert(i);
  }
  return edits;
}

/** What stands before a fence's line in the file: blanks and marks of quotations; null where it is written otherwise. */
function prefixOf(text: string, span: Source['lines'][number] | undefined, line: string): string | null {
  const whole = span ? text.slice(span.start, span.end) : '';
  return span && whole.endsWith(line) ? whole.slice(0, whole.length - line.length) : null;
}
