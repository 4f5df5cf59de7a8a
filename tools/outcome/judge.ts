import type { Block, Expectation } from '../document/document.ts';
import { type Ended, ended } from './ended.ts';
import { fenceName, judgeFence } from './judge-fence.ts';
import { judgeSentence } from './judge-sentence.ts';
import type { ExpectationOutcome, Outcome } from './outcome.ts';
import type { Output } from './output.ts';
import { unexpectedEnd } from './unexpected-end.ts';

/**
 * Whether expectations about the seeded data (`**Example output:**`) are judged, which only replicas hold.
 */
export interface JudgeOptions {
  examples: boolean;
  /** Whether the block's time is over: then no output is compared any more. A journal is judged without. */
  isOver?: () => boolean;
}

/**
 * What a block's output means: pure, so that a journal can be judged again. Throws TypeError where the output is
 * not of the block's kind.
 */
export function judge(block: Block, output: Output, { examples, isOver = never }: JudgeOptions): Outcome {
  const judged = block.expectations.filter(({ scope }) => scope === 'always' || examples);
  const one = ended(block, output);
  const why = unexpectedEnd(one, judged);
  const captured: Record<string, string> = {};
  const expectations = block.expectations.flatMap((expectation) =>
    judged.includes(expectation)
      ? judgeExpectation(expectation, one, { broken: why !== null, captured, isOver })
      : notRun(expectation, 'it speaks of the seeded data'),
  );
  const passed = why === null && expectations.every(({ status }) => status !== 'failed');
  return { status: passed ? 'passed' : 'failed', why, expectations, captured };
}

const never = () => false;

/** `captured` takes what the block's fences capture. */
interface Judging {
  broken: boolean;
  captured: Record<string, string>;
  isOver: () => boolean;
}

function judgeExpectation(
  expectation: Expectation,
  block: Ended,
  { broken, captured, isOver }: Judging,
): ExpectationOutcome[] {
  if (expectation.kind === 'sentences') {
    return expectation.sentences.map((sentence) => judgeSentence(sentence, block, broken));
  }
  const found = judgeFence(expectation, block.output, isOver);
  Object.assign(captured, found.captured);
  return [found.outcome];
}

/** The outcome of a block that was not tried. */
export const outcomeNotRun = (block: Block, message: string): Outcome => unjudged(block, 'not-run', message);

/** The outcome of a block that began and whose end nobody knows. */
export const outcomeUnknown = (block: Block, message: string): Outcome => unjudged(block, 'unknown', message);

function unjudged(block: Block, status: 'not-run' | 'unknown', message: string): Outcome {
  const expectations = block.expectations.flatMap((expectation) => notRun(expectation, message));
  return {
    status,
    why: { message, line: block.line, column: block.column },
    expectations,
    captured: {},
  };
}

function notRun(expectation: Expectation, why: string): ExpectationOutcome[] {
  return expectationTexts(expectation).map(({ text, line }) => ({
    text,
    line,
    status: 'not-run',
    expected: text,
    actual: why,
  }));
}

/** What an expectation is called, judged or not: each sentence by itself, an output fence by its first line. */
export function expectationTexts(expectation: Expectation): { text: string; line: number }[] {
  if (expectation.kind === 'sentences') return expectation.sentences;
  return [{ text: fenceName(expectation), line: expectation.body.line }];
}
