import { CucumberExpression, ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions';
import { nearest } from '../text/nearest.ts';
import type { Sentence } from './sentence.ts';
import { SENTENCES } from './sentences.ts';

/** A sentence of a runbook with the rule that reads it and what stands in its gaps. */
export interface ReadSentence {
  rule: Sentence;
  args: unknown[];
}

const registry = new ParameterTypeRegistry();
const define = <T>(name: string, regexp: RegExp, transform: (text: string) => T) =>
  registry.defineParameterType(new ParameterType(name, regexp, null, transform as never, false, false));

define('count', /\d+/, Number);
define('number', /-?\d+(?:\.\d+)?/, Number);
define('column', /[A-Za-z_][\w$]*/, String);
// Blanks want quotes: `x is not null where y is 1` must not be read as another value than “null where y is
// 1”.
define('value', /"[^"]*"|'[^']*'|(?!not(?:\s|$))\S+/, String);
define('noun', /[A-Za-z][^()]*/, (text) => text.trim());
define('names', /[^()]+/, String);

const READERS = SENTENCES.map((rule) => ({
  rule,
  expression: new CucumberExpression(rule.expression, registry),
}));

/** The first rule of the table that reads the sentence, or null. A full stop at its end is let be. */
export function readSentence(text: string): ReadSentence | null {
  const bare = text.trim().replace(/\.$/, '');
  for (const { rule, expression } of READERS) {
    const args = expression.match(bare);
    if (args) return { rule, args: args.map((arg) => arg.getValue(null)) };
  }
  return null;
}

/** The example of the rule that a sentence comes nearest to, to show its author. */
export function nearestExample(text: string): string | null {
  const shape = text.replaceAll(/\d+/g, '3');
  return (
    nearest(
      shape,
      SENTENCES.map(({ example }) => example),
    ) ?? byFirstWord(text)
  );
}

const byFirstWord = (text: string) => {
  const first = /^\w+/.exec(text.toLowerCase())?.[0];
  return (
    SENTENCES.find(({ example }) => first !== undefined && example.toLowerCase().startsWith(`${first} `))
      ?.example ?? null
  );
};

/** Why the sentence, as it is, could never be false or never be true; null where it is sound. */
export function objectionTo({ rule, args }: ReadSentence): string | null {
  return rule.objection?.(...(args as never[])) ?? null;
}
