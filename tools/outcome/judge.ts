import type { Block, BoundSentence, Expectation } from '../document/document.ts';
import { codeUnits, placeIn } from '../document/statements.ts';
import { jsonRows } from '../expect/json-rows.ts';
import { compareOutput } from '../expect/pattern.ts';
import { readSentence } from '../expect/read.ts';
import type { Subjects, Verdict } from '../expect/sentence.ts';
import type { ExpectationOutcome, Outcome } from './outcome.ts';
import type { Output, ShellOutput, SqlOutput } from './output.ts';
import { psqlTable } from './table.ts';

/**
 * Whether expectations about the seeded data (`**Example output:**`) are judged, which only replicas hold.
 */
export interface JudgeOptions {
  examples: boolean;
}

/** What a block's output means: pure, so that a journal can be judged again. */
export function judge(block: Block, output: Output, { examples }: JudgeOptions): Outcome {
  const judged = block.expectations.filter(({ scope }) => scope === 'always' || examples);
  const why = unexpectedEnd(block, output, judged);
  const captured: Record<string, string> = {};
  const expectations = block.expectations.flatMap((expectation) =>
    judged.includes(expectation)
      ? judgeExpectation(expectation, output, why !== null, captured)
      : notRun(expectation, 'it speaks of a replica’s data'),
  );
  const passed = why === null && expectations.every(({ status }) => status !== 'failed');
  return { status: passed ? 'passed' : 'failed', why, expectations, captured };
}

/** The outcome of a block that was not tried. */
export function outcomeNotRun(block: Block, message: string): Outcome {
  const expectations = block.expectations.flatMap((expectation) => notRun(expectation, message));
  return {
    status: 'not-run',
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
  const first = expectation.lines.find((line) => line.trim() !== '' && line.trim() !== '...') ?? 'nothing';
  return [{ text: `output: ${first.trim()}`, line: expectation.body.line }];
}

function judgeExpectation(
  expectation: Expectation,
  output: Output,
  broken: boolean,
  captured: Record<string, string>,
): ExpectationOutcome[] {
  if (expectation.kind === 'sentences') {
    return expectation.sentences.map((sentence) => judgeSentence(sentence, output, broken));
  }
  const { complete, text } = printedText(output);
  const { text: name, line } = expectationTexts(expectation)[0] ?? { text: '', line: expectation.line };
  const comparison = compareOutput(expectation.lines, text);
  Object.assign(captured, comparison.captured);
  const passed = comparison.passed && complete;
  return [
    {
      text: name,
      line: comparison.wrong === null ? line : expectation.body.line + comparison.wrong,
      status: passed ? 'passed' : 'failed',
      expected: expectation.lines.join('\n'),
      actual: complete ? text : `${text}\n… more than can be compared`,
      lines: comparison.rows,
    },
  ];
}

function printedText(output: Output): { text: string; complete: boolean } {
  if (output.kind === 'shell') return { text: output.stdout.text, complete: !output.stdout.truncated };
  const tables = output.results.filter(({ columns }) => columns.length > 0);
  return { text: tables.map((result) => `${psqlTable(result)}\n`).join('\n'), complete: true };
}

/** `broken`: the block did not get as far as it should, which says itself why a statement gave nothing. */
function judgeSentence(sentence: BoundSentence, output: Output, broken: boolean): ExpectationOutcome {
  const read = readSentence(sentence.text);
  const base = { text: sentence.text, line: sentence.line };
  if (!read)
    return { ...base, status: 'failed', expected: sentence.text, actual: 'no rule reads this sentence' };
  const subject = subjectOf(read.rule.of, sentence, output);
  if (typeof subject === 'string') {
    const status = broken && output.kind === 'sql' && read.rule.of === 'rows' ? 'not-run' : 'failed';
    return { ...base, status, expected: sentence.text, actual: subject };
  }
  const verdict = read.rule.judge(subject as never, ...(read.args as never[])) as Verdict;
  return {
    ...base,
    status: verdict.passed ? 'passed' : 'failed',
    expected: verdict.expected,
    actual: verdict.actual,
  };
}

type Subject = Subjects[keyof Subjects];

/** What the sentence speaks of, or in words why there is no such thing. */
function subjectOf(kind: keyof Subjects, sentence: BoundSentence, output: Output): Subject | string {
  if (output.kind === 'shell') return shellSubject(kind, output);
  const index = sentence.statement ?? output.results.length - 1;
  const result = output.results[index];
  if (kind === 'refusal') {
    if (output.refusal && index === output.results.length) return output.refusal;
    return result ? `it succeeds (${result.command})` : 'the statement did not run';
  }
  return result ?? 'the statement did not run, or failed';
}

function shellSubject(kind: keyof Subjects, { exitCode, stdout, stderr }: ShellOutput): Subject | string {
  if (kind === 'rows') return jsonRows(stdout.text) ?? 'the output is no JSON, so it has no rows';
  const complete = !stdout.truncated && !stderr.truncated;
  return { exitCode, stdout: stdout.text, stderr: stderr.text, complete };
}

/** An end that no expectation speaks of: a status other than 0, a refusal, time run out. */
function unexpectedEnd(block: Block, output: Output, judged: Expectation[]): Outcome['why'] {
  const at = { line: block.line, column: block.column };
  if (output.timedOut)
    return { message: `not done within its timeout of ${block.timeoutMs / 1000} s`, ...at };
  if (output.kind === 'sql') return speaksOf(judged, 'refusal') ? null : refused(block, output);
  if (output.exitCode === 0 || speaksOf(judged, 'exits')) return null;
  // A background block is ended by the run itself, with SIGTERM.
  if (block.background && output.exitCode === 143) return null;
  const last = output.stderr.text.trimEnd().split('\n').at(-1);
  return { message: `exit status ${output.exitCode}${last ? `: ${last}` : ''}`, ...at };
}

const speaksOf = (judged: Expectation[], what: 'refusal' | 'exits') =>
  judged.some(
    (expectation) =>
      expectation.kind === 'sentences' &&
      expectation.sentences.some(({ text }) => {
        const rule = readSentence(text)?.rule;
        return what === 'refusal' ? rule?.of === 'refusal' : rule?.expression.startsWith('exits');
      }),
  );

function refused(block: Block, { refusal, results }: SqlOutput): Outcome['why'] {
  if (!refusal) return null;
  const statement = block.statements[results.length];
  const hint = refusal.hint ? ` (${refusal.hint})` : '';
  const message = `${refusal.sqlstate}: ${refusal.message}${hint}`;
  if (!statement) return { message, line: block.line, column: block.column };
  const offset = refusal.position === null ? 0 : codeUnits(statement.text, refusal.position - 1);
  return { message, ...placeIn(statement.text, offset, statement, block.body.column) };
}
