import { CucumberExpression } from '@cucumber/cucumber-expressions';
import type { Assertion, Judges, Subject } from './assertion.ts';
import { type ArgumentsOf, registry } from './gaps.ts';

/** A sentence of a runbook, compiled when the document is made. */
export interface CompiledSentence<S extends Subject = Subject> {
  /** Of the definition that read it. */
  expression: string;
  assertion: Assertion<S>;
  /** Why the sentence, as it is, could never be false or never be true; null where it is sound. */
  objection: string | null;
}

/** One sentence of the language. The README's table is made of `means`, `example` and `of`. */
export interface SentenceDefinition<S extends Subject = Subject> {
  /** A Cucumber Expression. */
  expression: string;
  of: S;
  means: string;
  example: string;
  /** The sentence as it is compiled, or null where this is another. */
  read(text: string): CompiledSentence<S> | null;
}

/** What is written of a sentence; its expression says of what types the arguments are. */
interface Written<E extends string, S extends Subject> {
  expression: E;
  of: S;
  means: string;
  example: string;
  /** Why these arguments could never be false, or contradict themselves; null where all is well. */
  objection?: (...args: ArgumentsOf<E>) => string | null;
  /** What makes the sentence true, of what it speaks of. */
  compile: (...args: ArgumentsOf<E>) => Judges[S];
}

/** Makes a sentence one of the language. Throws CucumberExpressionError where its expression is none. */
export function defineSentence<E extends string, S extends Subject>({
  expression,
  of,
  means,
  example,
  objection,
  compile,
}: Written<E, S>): SentenceDefinition<S> {
  const cucumber = new CucumberExpression(expression, registry);
  return {
    expression,
    of,
    means,
    example,
    read(text) {
      const found = cucumber.match(text);
      if (!found) return null;
      // Each gap's parameter type gives what `Gaps` says of it: this is the only place that takes its word.
      const args = found.map((arg) => arg.getValue(null)) as ArgumentsOf<E>;
      return {
        expression,
        assertion: { of, judge: compile(...args) },
        objection: objection?.(...args) ?? null,
      };
    },
  };
}
