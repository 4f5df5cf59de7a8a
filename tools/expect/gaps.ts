import { ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions';
import { parseDuration } from '../text/duration.ts';

/** What stands in the gaps of an expression, by the names of the gaps: `{count}` holds a number. */
export interface Gaps {
  count: number;
  number: number;
  column: string;
  value: string;
  noun: string;
  names: string;
  /** Milliseconds. */
  span: number;
  /** Cucumber's own: a text in quotes, without them. */
  string: string;
}

/** The types of what an expression's gaps hold, in order. */
export type ArgumentsOf<Expression extends string> = Expression extends `${string}{${infer Gap}}${infer Rest}`
  ? [Gaps[Gap & keyof Gaps], ...ArgumentsOf<Rest>]
  : [];

export const registry = new ParameterTypeRegistry();

function define<Name extends keyof Gaps>(
  name: Name,
  regexp: RegExp,
  transform: (text: string) => Gaps[Name],
): void {
  registry.defineParameterType(new ParameterType<unknown>(name, regexp, null, transform, false, false));
}

define('count', /\d+/, Number);
define('number', /-?\d+(?:\.\d+)?/, Number);
define('column', /[A-Za-z_][\w$]*/, String);
// Blanks want quotes: `x is not null where y is 1` must not be read as another value than “null where y is
// 1”.
define('value', /"[^"]*"|'[^']*'|(?!not(?:\s|$))\S+/, String);
define(
  'span',
  /\d+(?:\.\d+)? ?(?:ms|s|min|m|h)/,
  (text) => parseDuration(text.replace(' ', '').replace('min', 'm')) ?? 0,
);
define('noun', /[A-Za-z][^()]*/, (text) => text.trim());
define('names', /[^()]+/, String);
