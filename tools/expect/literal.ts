import { parseDecimal, showDecimal } from './decimal.ts';
import { canonicalJson, parseJson } from './json.ts';
import { isNumeric } from './numeric.ts';
import { misfitOfForm } from './written-forms.ts';

/** A value as a sentence writes it: bare, or in quotes where blanks or the word null itself are meant. */
export interface Literal {
  text: string;
  quoted: boolean;
}

export function parseLiteral(source: string): Literal {
  const inner = /^"(.*)"$|^'(.*)'$/s.exec(source.trim());
  return inner ? { text: inner[1] ?? inner[2] ?? '', quoted: true } : { text: source.trim(), quoted: false };
}

/**
 * The names of `a, b, 'c, d'`, and of `a, b and c`. A comma in quotes or in parentheses, as of `sum(int, int)`, parts
 * nothing.
 */
export function parseNames(source: string): Literal[] {
  const parts = partsOf(source);
  const [last = '', ...before] = parts.reverse();
  const [, left, right = ''] = /^(?:(.*) )?and (.+)$/s.exec(isQuoted(last) ? '' : last) ?? ['', last];
  return [...before.reverse(), left ?? '', right].filter((part) => part !== '').map(parseLiteral);
}

const isQuoted = (text: string) => /^"[^"]*"$|^'[^']*'$/.test(text);

function partsOf(source: string): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const [piece] of source.matchAll(/"[^"]*"|'[^']*'|[^,()"']+|./gs)) {
    if (piece === '(') depth++;
    if (piece === ')') depth--;
    if (piece === ',' && depth <= 0) {
      parts.push(part.trim());
      part = '';
    } else part += piece;
  }
  return [...parts, part.trim()].filter((one) => one !== '');
}

/**
 * Words that say how a value is, and are none: a cell is hardly ever equal to one, so that it would always be true that
 * it is not. What is written instead of `is` the word, and instead of `is not` the word.
 */
const NO_VALUES: Record<string, [is: string, isNot: string]> = {
  ...oneFor(["is ''", "is not ''"], 'empty', 'blank'),
  zero: ['is 0', 'is not 0'],
  ...oneFor(['is null', 'is not null'], 'none', 'nothing', 'missing', 'absent', 'unset', 'undefined', 'nil'),
  ...oneFor(['is not null', 'is null'], 'set', 'defined', 'present', 'there', 'filled', 'given', 'assigned'),
  positive: ['is above 0', 'is at most 0'],
  negative: ['is below 0', 'is at least 0'],
};

function oneFor(instead: [string, string], ...words: string[]): Record<string, [string, string]> {
  return Object.fromEntries(words.map((word) => [word, instead]));
}

/** Why what a sentence names is no value, and what is meant; null where it is one. */
export function noValue({ text, quoted }: Literal, isNegated: boolean): string | null {
  const meant =
    quoted || !Object.hasOwn(NO_VALUES, text.toLowerCase()) ? null : NO_VALUES[text.toLowerCase()];
  if (!meant) return null;
  return `${text} is a word and no value: write “${meant[isNegated ? 1 : 0]}”, or "${text}" in quotes for the word`;
}

/** Whether the word null, bare, stands for no value. */
const isNull = ({ text, quoted }: Literal) => !quoted && text.toLowerCase() === 'null';

/** Whether a cell of this type could hold the value at all: of what it could not, `is not` says nothing. */
const isComparable = (literal: Literal, type: string): boolean =>
  isNull(literal) || meaningOf(literal.text, type, literal.quoted) !== null;

/** Why no cell of this type can hold the value, in words; null where one could. */
export function misfitOf(literal: Literal, type: string): string | null {
  if (isNull(literal)) return null;
  if (!isComparable(literal, type)) return `no ${type} is “${literal.text}”`;
  return misfitOfForm(literal.text, type);
}

/** Whether a cell of PostgreSQL type `type` holds the value that the sentence names. */
export function isSame(literal: Literal, cell: string | null, type: string): boolean {
  const named = keyOfLiteral(literal, type);
  return named !== null && named === keyOfCell(cell, type);
}

/** Whether a cell holds another value than the one that the sentence names; null is no value, and so is no other one. */
export function isOther(literal: Literal, cell: string | null, type: string): boolean {
  if (isNull(literal)) return cell !== null;
  return cell !== null && !isSame(literal, cell, type);
}

/** The same text for each way to write a value of the type; null for what no cell of it can hold. */
export const keyOfLiteral = (literal: Literal, type: string): string | null =>
  isNull(literal) ? NULL : meaningOf(literal.text, type, literal.quoted);

/** The same text for each way in which a cell of the type holds a value. */
export const keyOfCell = (cell: string | null, type: string): string =>
  cell === null ? NULL : (meaningOf(cell, type) ?? `:${cell}`);

const NULL = 'null';

/** Numbers by what they are worth, JSON by what it holds, everything else by its text; null for what is none of the type. */
function meaningOf(text: string, type: string, quoted = true): string | null {
  if (isNumeric(type)) return numberKey(quoted ? text : withoutCommas(text));
  if (type === 'bool') return truthKey(text);
  // A column of so many characters is filled with blanks, which are no part of its value.
  if (type === 'bpchar') return `:${text.replace(/(?<! ) +$/, '')}`;
  return type === 'json' || type === 'jsonb' ? jsonKey(text) : `:${text}`;
}

/** `1,234,567` as a person writes it, for a machine. */
export const withoutCommas = (text: string): string =>
  /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;

function numberKey(text: string): string | null {
  if (text === 'NaN') return ':NaN';
  const number = parseDecimal(text);
  return number ? `:${showDecimal(number)}` : null;
}

function truthKey(text: string): string | null {
  if (/^(t|true|yes)$/i.test(text)) return ':true';
  return /^(f|false|no)$/i.test(text) ? ':false' : null;
}

/** A bare word, which is no JSON, stands for the JSON text of that word. */
function jsonKey(text: string): string {
  const value = parseJson(text);
  return `:${canonicalJson(value === undefined ? text : value)}`;
}

/** A cell for people. */
export const show = (cell: string | null): string => cell ?? 'null';
