import { distance } from 'fastest-levenshtein';
import type Token from 'markdown-it/lib/token.mjs';

/** The bold words at the start of a line that this language gives a meaning. */
const LABELS = {
  'expected output': 'expected',
  expected: 'expected',
  'example output': 'example',
  'estimated time': 'estimate',
  error: 'error',
  fix: 'fix',
} as const;

export type LabelKind = (typeof LABELS)[keyof typeof LABELS];

export interface Label {
  kind: LabelKind;
  /** What stands behind it, up to the end of the paragraph or to the next label. */
  rest: string;
  /** How many lines below the first of the paragraph. */
  below: number;
}

/** Words that a reader takes for a label, while nothing would be judged. */
export interface Lookalike {
  words: string;
  why: string;
  meant: string;
  below: number;
}

/** A line of a paragraph, and the words in bold or italic letters that it begins with. */
export interface Line {
  text: string;
  lead: string | null;
}

/** Not near enough to a label's letters, but near enough to its meaning. */
const SYNONYM = /^(expect|should|you should|outputs?$|results?$|sample output|examples?$)/;

/** The labels of a paragraph, each of which begins a line, and what looks like one and is none. */
export function labelsOf(inline: Token): (Label | Lookalike)[] {
  const found: (Label | Lookalike)[] = [];
  let open: { label: Label; rest: string[] } | null = null;
  const close = () => {
    if (open) open.label.rest = open.rest.filter(Boolean).join(' ');
  };
  for (const [below, line] of linesOf(inline.children ?? []).entries()) {
    const first = labelAt(line, below);
    if (first) {
      found.push(first);
      close();
      open = 'kind' in first ? { label: first, rest: [first.rest] } : null;
    } else open?.rest.push(plainText(line).trim());
    for (const label of labelsInLine(line, below)) found.push(label);
  }
  close();
  return found;
}

/** The label that a whole text is, such as a heading's; null where it is none. */
export function labelNamed(text: string): string | null {
  const key = keyOf(text);
  return Object.hasOwn(LABELS, key) ? key : null;
}

/** The lines of a paragraph, as a reader sees them. */
export const linesIn = ({ children }: Token): Line[] =>
  linesOf(children ?? []).map((line) => ({ text: plainText(line).trim(), lead: leadOf(line) }));

function leadOf(line: Token[]): string | null {
  const open = line.findIndex(({ type }) => type === 'strong_open' || type === 'em_open');
  if (open < 0 || plainText(line.slice(0, open)).trim() !== '') return null;
  const type = line[open]?.type.replace('_open', '_close');
  const close = line.findIndex((token, i) => i > open && token.type === type);
  return plainText(line.slice(open + 1, close)).trim();
}

function linesOf(tokens: Token[]): Token[][] {
  const lines: Token[][] = [[]];
  for (const token of tokens) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') lines.push([]);
    else lines.at(-1)?.push(token);
  }
  return lines;
}

function labelAt(line: Token[], below: number): Label | Lookalike | null {
  const open = line.findIndex((token) => token.type === 'strong_open');
  if (open < 0 || plainText(line.slice(0, open)).trim() !== '') return plainLabel(line, below);
  const close = line.findIndex((token) => token.type === 'strong_close');
  const words = plainText(line.slice(open + 1, close)).trim();
  const behind = plainText(line.slice(close + 1));
  const key = keyOf(words);
  if (Object.hasOwn(LABELS, key)) {
    const rest = behind.replace(/^\s*:/, '').trim();
    return { kind: LABELS[key as keyof typeof LABELS], rest, below };
  }
  const meant = meantBy(key, words.endsWith(':') || behind.startsWith(':'));
  return meant ? { words, why: 'is no label', meant, below } : null;
}

function meantBy(key: string, colon: boolean): string | null {
  if (SYNONYM.test(key) && colon) return key.startsWith('example') ? 'example output' : 'expected output';
  return Object.keys(LABELS).find((label) => isSlipOf(label, key)) ?? null;
}

/** Of a short label, many words are near that mean something else (`File` and `Fixed` of `Fix`, `Mirror` of `Error`). */
function isSlipOf(label: string, key: string): boolean {
  const edits = Math.max(1, Math.floor(label.length / 4));
  if (Math.abs(key.length - label.length) > edits || distance(key, label) > edits) return false;
  return label.length > 4 || key[0] === label[0];
}

/** The words of a label that nothing makes bold. */
function plainLabel(line: Token[], below: number): Lookalike | null {
  const text = plainText(line).replaceAll(/<[^<>]*>/g, '');
  if (!text.includes(':')) return null;
  const [, stars, words] =
    /^(?:(\*\*|__)\s*)?(expected(?: output)?|example output|estimated time|error|fix)\s*:/i.exec(
      text.trimStart(),
    ) ?? [];
  if (!words || (below > 0 && /^(error|fix)$/i.test(words))) return null;
  const why = stars
    ? 'is not bold, for a blank is missing behind its marks, or is one too many within them'
    : 'is not bold';
  return { words: `${words}:`, why, meant: words.toLowerCase(), below };
}

/** Labels, with their colon, that other words stand before. */
function labelsInLine(line: Token[], below: number): Lookalike[] {
  if (!line.some(({ type }) => type === 'strong_open')) return [];
  let isBegun = false;
  return line.flatMap((token, i) => {
    const isBehindWords = isBegun;
    isBegun ||= plainText([token]).trim() !== '';
    if (token.type !== 'strong_open' || !isBehindWords) return [];
    let close = i + 1;
    while (close < line.length && line[close]?.type !== 'strong_close') close++;
    const words = plainText(line.slice(i + 1, close)).trim();
    const colon = words.endsWith(':') || line[close + 1]?.content.startsWith(':');
    const meant = labelNamed(words);
    return colon && meant ? [{ words, why: 'stands in the middle of a line', meant, below }] : [];
  });
}

const keyOf = (words: string) => words.trim().replace(/:$/, '').trim().replace(/\s+/g, ' ').toLowerCase();

/** What a reader sees of inline tokens: no marks, no comments, line breaks as spaces. */
export function plainText(tokens: Token[]): string {
  let text = '';
  for (const { type, content } of tokens) {
    if (type === 'softbreak' || type === 'hardbreak') text += ' ';
    else if (type !== 'html_inline' || !content.startsWith('<!--')) text += content;
  }
  return text;
}
