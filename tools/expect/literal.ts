import { parseDecimal, showDecimal } from './decimal.ts';
import { canonicalJson, parseJson } from './json.ts';
import { isNumeric } from './numeric.ts';

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
  const [, left, right = ''] = /^(?:(.*) )?and (.+)$/.exec(isQuoted(last) ? '' : last) ?? ['', last];
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

/** Words for a value that are none, which a cell is never equal to: what is not so would always be true. */
const NO_VALUES: Record<string, string> = {
  empty: "''",
  blank: "''",
  zero: '0',
  none: 'null',
  nothing: 'null',
  missing: 'null',
};

/** Why `is not` this could never be false; null where it could. */
export function vacuousNegation(source: string): string | null {
  const { text, quoted } = parseLiteral(source);
  const meant = quoted || !Object.hasOwn(NO_VALUES, text) ? undefined : NO_VALUES[text];
  return meant ? `${text} is a word and no value: write ${meant}, or "${text}" for the word` : null;
}

/** Whether the word null, bare, stands for no value. */
const isNull = ({ text, quoted }: Literal) => !quoted && text.toLowerCase() === 'null';

/** Whether a cell of this type could hold the value at all: of what it could not, `is not` says nothing. */
export const isComparable = (literal: Literal, type: string): boolean =>
  isNull(literal) || meaningOf(literal.text, type, literal.quoted) !== null;

/** Whether a cell of PostgreSQL type `type` holds the value that the sentence names. */
export function isSame(literal: Literal, cell: string | null, type: string): boolean {
  const named = keyOfLiteral(literal, type);
  return named !== null && named === keyOfCell(cell, type);
}

/** Whether a cell holds another value than the one that the sentence names; null is no value, and so is no other one. */
export function isOther(literal: Literal, cell: string | null, type: string): boolean {
  if (isNull(literal)) return cell !== null;
  return cell !== null && isComparable(literal, type) && !isSame(literal, cell, type);
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
