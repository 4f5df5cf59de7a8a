import { isLosslessNumber, parse } from 'lossless-json';
import { parseDecimal, showDecimal } from './decimal.ts';

/** JSON whose numbers keep every digit that they are written with. */
export type Json = null | boolean | string | ExactNumber | Json[] | { [key: string]: Json };

/** A number of JSON, as it is written. */
export interface ExactNumber {
  isLosslessNumber: true;
  value: string;
}

/**
 * The value of a text; undefined where it is no JSON. An object with a key twice is none, unless both have the same
 * value: nobody could say which of the two is meant.
 */
export function parseJson(text: string): Json | undefined {
  const read = readJson(text);
  return 'value' in read ? read.value : undefined;
}

/** The value of a text, or why it is no JSON, in words, and where in it, in UTF-16 units. */
export function readJson(text: string): { value: Json } | { why: string; offset: number } {
  const tooDeep = placeBelow(MOST_LEVELS, text);
  if (tooDeep !== null)
    return { why: `more than ${MOST_LEVELS} levels stand in one another`, offset: tooDeep };
  try {
    return { value: parse(text) as Json };
  } catch (error) {
    const [, why = '', at = '0'] =
      /^(.*?)(?: encountered)? at position (\d+)$/s.exec((error as Error).message) ?? [];
    return {
      why: lowerFirst(why.replace(/^Duplicate key '(.*)'$/s, 'the key “$1” stands twice')),
      offset: Number(at),
    };
  }
}

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1);

/** What stands in one another so deep is read by no one, and whoever walks down it runs out of stack. */
const MOST_LEVELS = 500;

/** Where a text opens one bracket more than so many, outside of its strings; null where it does not. */
function placeBelow(levels: number, text: string): number | null {
  let depth = 0;
  for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{\]}]/gs)) {
    if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    if (depth > levels) return index;
  }
  return null;
}

export const isExactNumber = (value: Json): value is ExactNumber => isLosslessNumber(value);

export const isJsonObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/** One text for all that is the same: keys in order, numbers by what they are worth. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isExactNumber(value)) return canonicalNumber(value.value);
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

const canonicalNumber = (text: string) => {
  const number = parseDecimal(text);
  return number ? showDecimal(number) : text;
};

/** As it stands in a text, for a cell or for a reader. */
export function showJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(showJson).join(',')}]`;
  if (isExactNumber(value)) return value.value;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${showJson(inner)}`)
    .join(',')}}`;
}
