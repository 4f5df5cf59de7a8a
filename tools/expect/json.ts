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
  try {
    return parse(text) as Json;
  } catch {
    return undefined;
  }
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
