import type { Assertion, Judges, Subject } from './assertion.ts';
import { type Condition, readCondition } from './condition.ts';
import { type ArgumentsOf, COUNT, defineGap, type Gaps, NOT_READ, registryOfGaps } from './gaps.ts';
import { definePhrase, type Forms } from './phrase.ts';
import { type Quantity, readQuantity } from './quantity.ts';

/** A sentence of a runbook, compiled when the document is made. */
export interface CompiledSentence<S extends Subject = Subject> {
  /** Of the definition that read it. */
  expression: string;
  assertion: Assertion<S>;
  /** Why the sentence, as it is, could never be false or never be true; null where it is sound. */
  objection: string | null;
}

/** One sentence of the language. The table of docs/language.md is made of `means`, `examples` and `of`. */
export interface SentenceDefinition<S extends Subject = Subject> {
  /** The first of its Cucumber Expressions. */
  expression: string;
  of: S;
  means: string;
  /** One for each way to write it. */
  examples: string[];
  /** The sentence as it is compiled, or null where this is another. */
  read(text: string): CompiledSentence<S> | null;
}

/** The gaps of sentences: those of every expression, and what has a table of its own. */
interface SentenceGaps extends Gaps {
  /** How many: see quantity.ts. */
  quantity: Quantity;
  /** How a cell is: see condition.ts. */
  condition: Condition;
  /** The same of many cells: `are` for `is`. */
  conditions: Condition;
  /** A bare value, which the cell is: `status ok`. */
  held: Condition;
}

const OF_ONE = (word: string) => `${word}${word === 'match' ? 'es' : 's'}`;

const registry = registryOfGaps();
const NUMBER = `(?:${COUNT.source})`;
const BEFORE = '(?:exactly|at least|at most|up to|more than|over|fewer than|less than|under|about) ';
const QUANTITY = `between ${NUMBER} and ${NUMBER}|(?:${BEFORE})?${NUMBER}(?: or (?:more|fewer|less))?`;
defineGap(registry, 'quantity', new RegExp(QUANTITY), (text) => readQuantity(text) ?? NOT_READ);
defineGap(registry, 'condition', /[\s\S]+/, (text) => readCondition(text) ?? NOT_READ);
defineGap(
  registry,
  'conditions',
  /[\s\S]+/,
  (text) =>
    readCondition(text.replace(/^are\b/, 'is').replace(/^(contain|match|equal)\b/, OF_ONE)) ?? NOT_READ,
);

defineGap(registry, 'held', /[\s\S]+/, (text) => readCondition(`is ${text}`) ?? NOT_READ);

/** What is written of a sentence; its expressions say of what types the arguments are. */
interface Written<E extends string, S extends Subject> {
  /** The ways to write it, each with an example. */
  forms: Forms<E>;
  of: S;
  means: string;
  /** Why these arguments could never be false, or contradict themselves; null where all is well. */
  objection?: (...args: ArgumentsOf<E, SentenceGaps>) => string | null;
  /** What makes the sentence true, of what it speaks of. */
  compile: (...args: ArgumentsOf<E, SentenceGaps>) => Judges[S];
}

/** Makes a sentence one of the language. Throws CucumberExpressionError where an expression of it is none. */
export function defineSentence<E extends string, S extends Subject>({
  forms,
  of,
  means,
  objection,
  compile,
}: Written<E, S>): SentenceDefinition<S> {
  const phrase = definePhrase(
    registry,
    forms,
    (...args: ArgumentsOf<E, SentenceGaps>): CompiledSentence<S> => ({
      expression: phrase.expression,
      assertion: { of, judge: compile(...args) },
      objection: objection?.(...args) ?? null,
    }),
  );
  return { ...phrase, of, means };
}
