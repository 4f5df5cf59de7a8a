import type { Block, BoundSentence, Expectation } from '../document/document.ts';
import { jsonRows } from '../expect/json-rows.ts';
import { compareOutput } from '../expect/pattern.ts';
import { readSentence } from '../expect/read.ts';
import { notCompared } from '../expect/row-sentence.ts';
import type { Subjects, Verdict } from '../expect/sentence.ts';
import { tooMuch } from '../expect/sentences/printed.ts';
import { codeUnits, placeIn } from '../text/place.ts';
import type { ExpectationOutcome, Outcome } from './outcome.ts';
import type { Output, ShellOutput, SqlOutput, StatementResult } from './output.ts';
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
      ? judgeExpectation(expectation, block, output, why !== null, captured)
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
  block: Block,
  output: Output,
  broken: boolean,
  captured: Record<string, string>,
): ExpectationOutcome[] {
  if (expectation.kind === 'sentences') {
    return expectation.sentences.map((sentence) => judgeSentence(sentence, block, output, broken));
  }
  const { text, missing } = printedText(output);
  const { text: name, line } = expectationTexts(expectation)[0] ?? { text: '', line: expectation.line };
  const comparison = compareOutput(expectation.lines, text);
  Object.assign(captured, comparison.captured);
  const passed = comparison.passed && missing === null;
  return [
    {
      text: name,
      line: comparison.wrong === null ? line : expectation.body.line + comparison.wrong,
      status: passed ? 'passed' : 'failed',
      expected: expectation.lines.join('\n'),
      actual: missing === null ? text : `${missing}\n${text}`,
      lines: comparison.rows,
    },
  ];
}

/** What a fence is compared with; `missing` says in words that it is not all, and then no fence fits it. */
function printedText(output: Output): { text: string; missing: string | null } {
  if (output.kind === 'shell') {
    return { text: output.stdout.text, missing: output.stdout.truncated ? tooMuch(output.stdout) : null };
  }
  const tables = output.results
    .filter(({ columns }) => columns.length > 0)
    .map((result) => ({ result, table: psqlTable(result) }));
  const cut = tables.find(({ result, table }) => result.truncated || table.rows < result.rows.length);
  return {
    text: tables.map(({ table }) => `${table.text}\n`).join('\n'),
    missing: cut ? notCompared(cut.table.rows, cut.result.rowCount) : null,
  };
}

/** `broken`: the block did not get as far as it should, which says itself why a statement gave nothing. */
function judgeSentence(
  sentence: BoundSentence,
  block: Block,
  output: Output,
  broken: boolean,
): ExpectationOutcome {
  const read = readSentence(sentence.text);
  const base = { text: sentence.text, line: sentence.line };
  if (!read)
    return { ...base, status: 'failed', expected: sentence.text, actual: 'no rule reads this sentence' };
  const subject = subjectOf(read.rule.of, sentence, block, output);
  if (typeof subject === 'string') {
    const status = broken && output.kind === 'sql' && read.rule.of === 'rows' ? 'not-run' : 'failed';
    return { ...base, status, expected: sentence.text, actual: subject };
  }
  const verdict =
    watched(subject, sentence.text) ??
    (read.rule.judge(subject as never, ...(read.args as never[])) as Verdict);
  return {
    ...base,
    status: verdict.passed ? 'passed' : 'failed',
    expected: verdict.expected,
    actual: verdict.actual,
  };
}

type Subject = Subjects[keyof Subjects] | StatementResult;

/** What was found while the rows came, where they were not all kept. */
const watched = (subject: Subject, sentence: string): Verdict | undefined =>
  'verdicts' in subject ? subject.verdicts?.[sentence] : undefined;

/** What the sentence speaks of, or in words why there is no such thing. */
function subjectOf(
  kind: keyof Subjects,
  sentence: BoundSentence,
  block: Block,
  output: Output,
): Subject | string {
  if (output.kind === 'shell') return shellSubject(kind, output);
  const index = sentence.statement ?? block.statements.length - 1;
  const result = output.results[index];
  if (kind === 'refusal') {
    if (output.refusal && index === output.results.length) return output.refusal;
    return result ? `it succeeds (${result.command})` : 'the statement did not run';
  }
  return result ?? 'the statement did not run, or failed';
}

function shellSubject(kind: keyof Subjects, { exitCode, stdout, stderr }: ShellOutput): Subject | string {
  if (kind !== 'rows') return { exitCode, stdout, stderr };
  if (stdout.truncated) return tooMuch(stdout);
  return jsonRows(stdout.text) ?? 'the output is no JSON, so it has no rows';
}

/** An end that no expectation speaks of: a status other than 0, a refusal, time run out. */
function unexpectedEnd(block: Block, output: Output, judged: Expectation[]): Outcome['why'] {
  const at = { line: block.line, column: block.column };
  if (output.timedOut)
    return { message: `not done within its timeout of ${block.timeoutMs / 1000} s`, ...at };
  // The run itself ends what is in the background, when nothing needs it any more.
  if (output.interrupted && !block.background) return { message: 'interrupted', ...at };
  if (output.kind === 'sql') return unread(block, output) ?? refused(block, output, judged);
  if (output.exitCode === 0 || speaksOfStatus(judged)) return null;
  if (output.interrupted && ENDED.has(output.exitCode)) return null;
  const last = output.stderr.text.trimEnd().split('\n').at(-1);
  return { message: `exit status ${output.exitCode}${last ? `: ${last}` : ''}`, ...at };
}

/** The statuses of what SIGTERM ended and, where that was not heard, SIGKILL. */
const ENDED = new Set([143, 137]);

const sentencesOf = (judged: Expectation[]) =>
  judged.flatMap((expectation) => (expectation.kind === 'sentences' ? expectation.sentences : []));

const speaksOfStatus = (judged: Expectation[]) =>
  sentencesOf(judged).some(({ text }) => readSentence(text)?.rule.expression.startsWith('exits'));

/** A refusal is foreseen by a sentence about that very statement, not by one about another. */
const speaksOfRefusal = (judged: Expectation[], block: Block, statement: number) =>
  sentencesOf(judged).some(
    (sentence) =>
      (sentence.statement ?? block.statements.length - 1) === statement &&
      readSentence(sentence.text)?.rule.of === 'refusal',
  );

function refused(block: Block, { refusal, results }: SqlOutput, judged: Expectation[]): Outcome['why'] {
  if (!refusal || speaksOfRefusal(judged, block, results.length)) return null;
  const statement = block.statements[results.length];
  const hint = refusal.hint ? ` (${refusal.hint})` : '';
  const message = `${refusal.sqlstate}: ${refusal.message}${hint}`;
  if (!statement) return { message, line: block.line, column: block.column };
  const offset = refusal.position === null ? 0 : codeUnits(statement.text, refusal.position - 1);
  return { message, ...placeIn(statement.text, offset, statement, block.body.column) };
}

/** A row that was too long to be read: whatever is expected of the others, nobody knows what is in it. */
function unread(block: Block, { results }: SqlOutput): Outcome['why'] {
  const at = results.findIndex(({ unreadBytes }) => unreadBytes !== undefined);
  const result = results[at];
  if (!result) return null;
  const { line, column } = block.statements[at] ?? block;
  const message =
    `“${result.title}” returned a row of ${result.unreadBytes} bytes, which is more than is read of one: ` +
    'select less of it, such as length(…) or left(…, 1000)';
  return { message, line, column };
}
