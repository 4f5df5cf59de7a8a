import { isNumeric } from './numeric.ts';

/** How PostgreSQL prints the values of a type, in UTC and ISO style, and an example. */
const FORMS: Record<string, [form: RegExp, example: string]> = {
  date: [/^(?:-?infinity|\d{4,}-\d\d-\d\d(?: BC)?)$/, '2024-01-31'],
  time: [/^\d\d:\d\d:\d\d(?:\.\d*[1-9])?$/, '09:30:00'],
  timetz: [/^\d\d:\d\d:\d\d(?:\.\d*[1-9])?[+-]\d\d(?::\d\d)*$/, '09:30:00+00'],
  timestamp: [
    /^(?:-?infinity|\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d*[1-9])?(?: BC)?)$/,
    '2024-01-31 09:30:00',
  ],
  timestamptz: [
    /^(?:-?infinity|\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d*[1-9])?\+00(?: BC)?)$/,
    '2024-01-31 09:30:00+00',
  ],
  interval: [
    /^(?!$)(?:-?\d+ (?:years?|mons?|days?)(?: (?!$)|$))*(?:[+-]?\d\d+:\d\d:\d\d(?:\.\d*[1-9])?)?$/,
    '1 day 02:00:00',
  ],
  uuid: [/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '6ecd8c99-4036-403d-bf84-cf8400f67836'],
  bytea: [/^\\x(?:[0-9a-f]{2})*$/, '\\x00ff'],
  money: [/^-?[^\d\s.,-]/, '$1,000.00'],
};

/**
 * Why no cell of a type is ever written as this text is, so that whoever says that none is so says nothing; null where one
 * could be.
 */
export function misfitOfForm(text: string, type: string): string | null {
  const [form, example] = (Object.hasOwn(FORMS, type) && FORMS[type]) || [];
  return form === undefined || form.test(text)
    ? null
    : `${type} is written as in ${example}, and not as “${text}”`;
}

/** Types of which every cell is a text or may hold a number in one; of others, no cell is a number. */
const NO_NUMBERS = new Set(['bool', ...Object.keys(FORMS), 'inet', 'cidr', 'macaddr', 'point', 'box']);

/** Why no cell of a type can be more or less than a number; null where one could be. */
export const misfitOfNumber = (type: string): string | null =>
  !isNumeric(type) && NO_NUMBERS.has(type) ? `${type} is no number: compare it in the query` : null;
