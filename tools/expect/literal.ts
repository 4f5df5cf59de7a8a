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

/** The parts of `a, b, 'c, d'`. */
export const parseNames = (source: string): string[] =>
  (source.match(/"[^"]*"|'[^']*'|[^,\s][^,]*/g) ?? []).map((part) => parseLiteral(part).text);

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

/** Whether a cell of this type could hold the value at all: of what it could not, `is not` says nothing. */
export function isComparable({ text, quoted }: Literal, type: string): boolean {
  if (!quoted && text.toLowerCase() === 'null') return true;
  if (isNumeric(type)) return canonicalNumber(text) !== null;
  return type !== 'bool' || truth(text) !== null;
}

/** A cell's number, for bounds; NaN, which no bound holds for, where it has none. */
export const numberIn = (cell: string | null): number =>
  cell === null || cell.trim() === '' ? Number.NaN : Number(cell);

/** Whether a cell of PostgreSQL type `type` holds the value that the sentence names. */
export function isSame(literal: Literal, cell: string | null, type: string): boolean {
  if (!literal.quoted && literal.text.toLowerCase() === 'null') return cell === null;
  if (cell === null) return false;
  if (isNumeric(type)) return sameNumber(literal.text, cell);
  if (type === 'bool') return truth(literal.text) === truth(cell);
  if (type === 'json' || type === 'jsonb') return sameJson(literal.text, cell);
  return literal.text === cell;
}

function sameNumber(expected: string, actual: string): boolean {
  const [a, b] = [canonicalNumber(expected), canonicalNumber(actual)];
  return a !== null && a === b;
}

/** Digits compared as digits, so that a bigint or a numeric loses none: `1056.50` is `1056.5`. */
function canonicalNumber(text: string): string | null {
  if (text === 'NaN') return text;
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isNaN(value) ? null : String(value);
  }
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`.replace(/\.$/, '');
  return digits === '0' ? '0' : sign + digits;
}

function truth(text: string): boolean | null {
  if (/^(t|true|yes)$/i.test(text)) return true;
  return /^(f|false|no)$/i.test(text) ? false : null;
}

function sameJson(expected: string, actual: string): boolean {
  try {
    return canonicalJson(JSON.parse(expected)) === canonicalJson(JSON.parse(actual));
  } catch {
    return expected === actual;
  }
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A cell for people. */
export const show = (cell: string | null): string => cell ?? 'null';
