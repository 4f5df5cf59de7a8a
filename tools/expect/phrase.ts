import { CucumberExpression, type ParameterTypeRegistry } from '@cucumber/cucumber-expressions';
import { type ArgumentsOf, type Gaps, NOT_READ } from './gaps.ts';

/** Cucumber Expressions that say the same, each with an example; the first is what the documentation shows first. */
export type Forms<E extends string> = Record<E, string>;

/** Several ways to write one thing, and what they are read as. */
export interface Phrase<Meaning> {
  /** The first Cucumber Expression. */
  expression: string;
  /** One a form. */
  examples: string[];
  /** What a text says that is written in one of the forms; null where it is another. */
  read(text: string): Meaning | null;
}

/** Makes a phrase of its forms. Throws CucumberExpressionError where one of them is no expression. */
export function definePhrase<E extends string, G extends Gaps, Meaning>(
  registry: ParameterTypeRegistry,
  forms: Forms<E>,
  meaning: (...args: ArgumentsOf<E, G>) => Meaning,
): Phrase<Meaning> {
  const expressions = Object.keys(forms).map((one) => new CucumberExpression(one, registry));
  return {
    expression: expressions[0]?.source ?? '',
    examples: Object.values(forms),
    read(text) {
      for (const expression of expressions) {
        const values = expression.match(text)?.map((arg) => arg.getValue<unknown>(null));
        if (!values || values.includes(NOT_READ)) continue;
        // Each gap's parameter type gives what `Gaps` says of it: this is the only place that takes its word.
        return meaning(...(values as ArgumentsOf<E, G>));
      }
      return null;
    },
  };
}

/** What the first phrase that reads a text makes of it; null where none does. */
export function firstRead<Meaning>(phrases: readonly Phrase<Meaning>[], text: string): Meaning | null {
  for (const phrase of phrases) {
    const read = phrase.read(text);
    if (read !== null) return read;
  }
  return null;
}
