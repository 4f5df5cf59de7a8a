import { compareDecimals, type Decimal, parseDecimal, percentOf, showDecimal } from './decimal.ts';
import { type ArgumentsOf, type Gaps, registryOfGaps } from './gaps.ts';
import { isOther, isSame, misfitOf, noValue, parseLiteral } from './literal.ts';
import { definePhrase, type Forms, firstRead, type Phrase } from './phrase.ts';
import { compileSearch, type Regex, RegexError } from './regex.ts';
import type { CellCondition } from './rows.ts';
import { misfitOfNumber } from './written-forms.ts';

/** What a sentence says of a cell. */
export interface Condition extends CellCondition {
  /** For a reader, with the column's name before it: `is at least 3`. */
  words: string;
  /** Why no cell, or every cell, is so; null where all is well. */
  objection: string | null;
}

/** A way to say how a cell is, with what the documentation tells of it. */
export interface ConditionPhrase extends Phrase<Condition> {
  means: string;
}

const registry = registryOfGaps();

const define = <E extends string>(
  means: string,
  forms: Forms<E>,
  meaning: (...args: ArgumentsOf<E, Gaps>) => Omit<Condition, 'objection'> & { objection?: string | null },
): ConditionPhrase => ({
  means,
  ...definePhrase(
    registry,
    forms,
    (...args: ArgumentsOf<E, Gaps>): Condition => ({
      objection: null,
      ...meaning(...args),
    }),
  ),
});

/** A bound holds of a number only: not of null, and of a text that is none nobody can say whether it does. */
const ofNumber = (test: (cell: Decimal) => boolean): CellCondition => ({
  holds(cell) {
    const number = cell === null ? null : parseDecimal(cell);
    return number !== null && test(number);
  },
  isOpen: (cell) => cell !== null && parseDecimal(cell) === null,
  misfit: misfitOfNumber,
});

/** What `{number}` holds is one. */
const numberOf = (text: string): Decimal => parseDecimal(text) ?? { sign: 0, digits: '', magnitude: 0 };

const bound =
  (words: string, test: (order: number) => boolean) =>
  (limit: string): Omit<Condition, 'objection'> => {
    const number = numberOf(limit);
    return { words: `${words} ${limit}`, ...ofNumber((cell) => test(compareDecimals(cell, number))) };
  };

const range = (words: string, least: Decimal, most: Decimal): Omit<Condition, 'objection'> => ({
  words,
  ...ofNumber((cell) => compareDecimals(cell, least) >= 0 && compareDecimals(cell, most) <= 0),
});

const is = define(
  'this value; numbers compare as numbers, JSON as JSON, null only with null',
  { 'is {value}': 'is 4', '= {value}': '= 4', '== {value}': '== 4', 'equals {number}': 'equals 4' },
  (source) => {
    const value = parseLiteral(source);
    return {
      words: `is ${source}`,
      holds: (cell, type) => isSame(value, cell, type),
      misfit: (type) => misfitOf(value, type),
      objection: noValue(value, false),
    };
  },
);

const isNot = define(
  'another value than this; null is none',
  { 'is not {value}': 'is not failed', '!= {value}': '!= failed', '<> {value}': '<> failed' },
  (source) => {
    const value = parseLiteral(source);
    return {
      words: `is not ${source}`,
      holds: (cell, type) => isOther(value, cell, type),
      misfit: (type) => misfitOf(value, type),
      objection: noValue(value, true),
    };
  },
);

const atLeast = define(
  'a number of at least this',
  { 'is at least {number}': 'is at least 3', '>= {number}': '>= 3', 'is {number} or more': 'is 3 or more' },
  bound('is at least', (order) => order >= 0),
);

const atMost = define(
  'a number of at most this',
  {
    'is at most {number}': 'is at most 10',
    '<= {number}': '<= 10',
    'is {number} or less/fewer': 'is 10 or less',
  },
  bound('is at most', (order) => order <= 0),
);

const more = define(
  'a number above this',
  {
    'is greater/more/larger/higher than {number}': 'is greater than 3',
    '> {number}': '> 3',
    'is above/over {number}': 'is above 3',
  },
  bound('is greater than', (order) => order > 0),
);

const less = define(
  'a number below this',
  {
    'is less/fewer/smaller/lower than {number}': 'is less than 10',
    '< {number}': '< 10',
    'is below/under {number}': 'is below 10',
  },
  bound('is less than', (order) => order < 0),
);

const between = define(
  'a number from the first to the second, both included',
  { 'is between {number} and {number}': 'is between 1 and 5' },
  (from, to) => {
    const [least, most] = [numberOf(from), numberOf(to)];
    const objection =
      compareDecimals(least, most) > 0 ? 'no number lies between these: write the smaller one first' : null;
    return { ...range(`is between ${from} and ${to}`, least, most), objection };
  },
);

const about = define(
  'a number that differs from this by 10 % of it at most',
  { 'is about {number}': 'is about 250' },
  (source) => {
    const [a, b] = [percentOf(numberOf(source), 90n), percentOf(numberOf(source), 110n)];
    const [least, most] = compareDecimals(a, b) <= 0 ? [a, b] : [b, a];
    const words = `is about ${source} (${showDecimal(least)} to ${showDecimal(most)})`;
    const objection = a.sign === 0 ? '10 % of 0 is nothing: write `is 0`, or `is between`' : null;
    return { ...range(words, least, most), objection };
  },
);

const contains = define('this text somewhere in it', { 'contains {string}': 'contains "b"' }, (text) => ({
  words: `contains “${text}”`,
  holds: (cell) => cell?.includes(text) ?? false,
  misfit: (type) => (type === 'bool' && !/^[tf]$/.test(text) ? 'bool is t or f' : null),
  objection: text === '' ? 'every text holds the empty text' : null,
}));

const matches = define(
  'something in it that this regular expression fits; `/…/i` for either case',
  { 'matches {regex}': 'matches /^a/' },
  (source) => {
    const pattern = regexOf(source);
    const words = `matches ${source}`;
    return typeof pattern === 'string'
      ? { words, holds: () => false, objection: pattern }
      : {
          words,
          holds: (cell) => cell !== null && pattern.test(cell),
          objection: vacuousPattern(pattern),
        };
  },
);

const vacuousPattern = (pattern: Regex) =>
  ['', '\u0001 7f3e', 'a\nb'].every((probe) => pattern.test(probe)) ? 'every text fits this' : null;

/** Of `/…/` or `/…/i`; in words why it is none. */
function regexOf(source: string): Regex | string {
  const end = source.lastIndexOf('/');
  try {
    return compileSearch(source.slice(1, end), source.endsWith('i'));
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return `this is no regular expression: ${error.message}`;
  }
}

/** Every way to say how a cell is, in the order in which they are tried. */
export const CONDITIONS: readonly ConditionPhrase[] = [
  is,
  isNot,
  atLeast,
  atMost,
  more,
  less,
  between,
  about,
  contains,
  matches,
];

export const readCondition = (text: string): Condition | null => firstRead(CONDITIONS, text);
