import { ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions';
import { parseDuration } from '../text/duration.ts';
import { wordsIn } from '../text/words.ts';
import { withoutCommas } from './literal.ts';
import { nounIn } from './noun.ts';

/** What stands in the gaps of an expression, by the names of the gaps: `{count}` holds a number. */
export interface Gaps {
  count: number;
  /** As it is written, without the commas of its thousands: a JavaScript number would lose digits. */
  number: string;
  column: string;
  /** A column where a value follows at once: `status ok`. */
  named: string;
  value: string;
  noun: string;
  names: string;
  /** What stands between the slashes of `/…/`, and `i` where that is behind them. */
  regex: string;
  /** Milliseconds. */
  span: number;
  /** Cucumber's own: a text in quotes, without them. */
  string: string;
}

/** The types of what an expression's gaps hold, in order. */
export type ArgumentsOf<
  Expression extends string,
  G = Gaps,
> = Expression extends `${string}{${infer Gap}}${infer Rest}`
  ? [G[Gap & keyof G], ...ArgumentsOf<Rest, G>]
  : [];

/** A text that its gap does not take after all: the sentence is another one. */
export const NOT_READ = Symbol('not read');

/** What a count up to twelve may be written as; each stands at its number. */
export const NUMBER_WORDS = wordsIn('zero one two three four five six seven eight nine ten eleven twelve');

/** A whole number, in digits or as a word. */
export const COUNT = new RegExp(`\\d{1,3}(?:,\\d{3})+|\\d+|no|${NUMBER_WORDS.join('|')}`);

function countOf(text: string): number {
  if (text === 'no') return 0;
  const word = NUMBER_WORDS.indexOf(text);
  return word >= 0 ? word : Number(text.replaceAll(',', ''));
}

// Cucumber sorts its types by their names in a person's language, for which Node loads what it knows of all languages:
// that takes a tenth of a check, and ours have names of letters only.
ParameterType.compare = (one, other) =>
  Number(other.preferForRegexpMatch) - Number(one.preferForRegexpMatch) ||
  Number((one.name ?? '') > (other.name ?? '')) - Number((one.name ?? '') < (other.name ?? ''));

/** A registry that knows the gaps of every expression, to which others may be added. */
export function registryOfGaps(): ParameterTypeRegistry {
  const registry = new ParameterTypeRegistry();
  const define = <Name extends keyof Gaps>(
    name: Name,
    regexp: RegExp,
    transform: (text: string) => Gaps[Name] | typeof NOT_READ,
  ) => defineGap(registry, name, regexp, transform);
  define('count', COUNT, countOf);
  define('number', /[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?/, withoutCommas);
  define('column', new RegExp(COLUMN), (text) => /^"(.*)"$/s.exec(text)?.[1] ?? text);
  define('named', new RegExp(`(?!${NO_NAMES})(?:${COLUMN})`), (text) => /^"(.*)"$/s.exec(text)?.[1] ?? text);
  define('value', VALUE, String);
  define('noun', /[A-Za-z][^\s():,;="'<>]*(?: [^\s():,;="'<>]+){0,7}/, (text) => nounIn(text) ?? NOT_READ);
  define('names', /[\s\S]+/, String);
  define('regex', /\/.*\/i?/, String);
  define(
    'span',
    /\d+(?:\.\d+)? ?(?:ms|s|min|m|h)/,
    (text) => parseDuration(text.replace(' ', '').replace('min', 'm')) ?? NOT_READ,
  );
  return registry;
}

/**
 * Blanks want quotes: `x is not null where y is 1` must not be read as another value than “null where y is 1”. A sign at
 * the end is of the sentence, and not of the value; and quotes that a typographer would set are none here: what is not so
 * of `“failed”` is so of `failed`.
 */
const VALUE = /"[^"]*"|'[^']*'|(?!not(?:\s|$))(?!["'`“”„‟‘’‚‛«»‹›])\S*[^\s,;:.!?…"'`“”„‟‘’‚‛«»‹›]/;

/** Whether a text can stand in a sentence as a value without quotes. */
export const isBareValue = (text: string): boolean =>
  /^[^"']/.test(text) && !/^(?:not|null)$/i.test(text) && new RegExp(`^(?:${VALUE.source})$`).test(text);

const NAME = '[A-Za-z_\\u0080-\\uFFFF][\\w$\\u0080-\\uFFFF]*';

/** As PostgreSQL prints it; in quotes, whatever stands in it. */
const COLUMN = `"[^"]+"|\\?column\\?|${NAME}`;

/** Words that no bare name of `with NAME VALUE` can be: `with no errors` says nothing of a column `no`. */
const NO_NAMES = '(?:no|not|any|all|some|the|a|an|each|every|only|exactly|at|more|fewer)(?![\\w$])';

/** Adds a gap to a registry. */
export function defineGap(
  registry: ParameterTypeRegistry,
  name: string,
  regexp: RegExp,
  transform: (text: string) => unknown,
): void {
  registry.defineParameterType(new ParameterType<unknown>(name, regexp, null, transform, false, false));
}
