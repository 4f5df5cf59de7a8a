import type { Expectation, SqlBlock } from '../document/document.ts';
import { codeUnits, placeIn } from '../text/place.ts';
import { changesOf, isMeasured } from './effects.ts';
import type { Ended, EndedShell, EndedSql } from './ended.ts';
import { quotesError } from './judge-fence.ts';
import type { Outcome } from './outcome.ts';
import type { SqlOutput } from './output.ts';
import { sentencesAbout, sentencesOf } from './sentences.ts';

/** An end that no expectation speaks of: a status other than 0, a refusal, time run out. */
export function unexpectedEnd(ended: Ended, judged: Expectation[]): Outcome['why'] {
  const { block, output } = ended;
  const at = { line: block.line, column: block.column };
  if (output.timedOut)
    return { message: `not done within its timeout of ${block.timeoutMs / 1000} s`, ...at };
  // The run itself ends what is in the background, when nothing needs it any more.
  if (output.interrupted && !block.background) return { message: 'interrupted', ...at };
  const why =
    ended.kind === 'sql'
      ? (unread(ended) ?? refused(ended, judged) ?? leftOpen(ended))
      : (badStatus(ended, judged) ?? leftBehind(ended) ?? exportsNoText(ended));
  return why ?? doesMoreThanRead(ended);
}

/** A block that only reads leaves no trace in the database. */
function doesMoreThanRead({ block, output: { effects } }: Ended): Outcome['why'] {
  if (block.effect !== 'reads' || !isMeasured(effects)) return null;
  const changes = changesOf(effects);
  if (changes.length === 0) return null;
  const message = `it only reads, as it says, and it changed the database (${changes.join('; ')}): write effect=writes or effect=destroys`;
  return { message, line: block.line, column: block.column };
}

const MOST_NAMED = 3;

/** Its exit status says nothing of what it left running; and what that prints, nobody reads. */
function leftBehind({ block, output: { left } }: EndedShell): Outcome['why'] {
  if (left === undefined || left.length === 0 || block.background) return null;
  const named = left.slice(0, MOST_NAMED).map(({ pid, command }) => `${command} (process ${pid})`);
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : '';
  const message =
    `its shell has ended, and what it left running still prints to its output: ${named.join(', ')}${more}: ` +
    'wait for it in the block, give it an output of its own (>/dev/null 2>&1), or write background=true';
  return { message, line: block.line, column: block.column };
}

/** A later block would be given other bytes than these, such as the name of another file. */
function exportsNoText({ block, output: { unreadable } }: EndedShell): Outcome['why'] {
  if (unreadable === undefined || block.background) return null;
  const message =
    `it exports ${unreadable.join(', ')} with bytes that are no UTF-8, and no later block could be given them: ` +
    'unset it at the end, or export it as base64';
  return { message, line: block.line, column: block.column };
}

/** The statuses of what SIGTERM ended and, where that did not end it, SIGKILL. */
const ENDED_BY_SIGNAL = new Set([143, 137]);

function badStatus({ block, output }: EndedShell, judged: Expectation[]): Outcome['why'] {
  if (output.exitCode === 0 || speaksOfStatus(judged)) return null;
  if (output.interrupted && ENDED_BY_SIGNAL.has(output.exitCode)) return null;
  const last = output.stderr.text.trimEnd().split('\n').at(-1);
  const message = `exit status ${output.exitCode}${last ? `: ${last}` : ''}`;
  return { message, line: block.line, column: block.column };
}

const speaksOfStatus = (judged: Expectation[]) =>
  sentencesOf(judged).some(({ compiled }) => compiled?.assertion.of === 'exit-status');

function refused({ block, output: { refusal, results } }: EndedSql, judged: Expectation[]): Outcome['why'] {
  if (!refusal || speaksOfRefusal(results.length, judged)) return null;
  const hint = refusal.hint ? ` (${refusal.hint})` : '';
  return {
    message: `${refusal.sqlstate}: ${refusal.message}${hint}`,
    ...placeOfRefusal(block, results.length, refusal),
  };
}

/** A refusal is foreseen by a sentence about that very statement, not by one about another; or by a fence that quotes it. */
const speaksOfRefusal = (statement: number, judged: Expectation[]) =>
  sentencesAbout(statement, judged).some(({ compiled }) => compiled?.assertion.of === 'refusal') ||
  judged.some((expectation) => expectation.kind === 'output' && quotesError(expectation));

/** Where in the statement of this index PostgreSQL's parser points to. */
function placeOfRefusal(block: SqlBlock, index: number, { position }: NonNullable<SqlOutput['refusal']>) {
  const statement = block.statements[index];
  if (!statement) return { line: block.line, column: block.column };
  const offset = position === null ? 0 : codeUnits(statement.text, position - 1);
  return placeIn(statement.text, offset, statement, block.body.column);
}

/** A row that was too long to be read: whatever is expected of the others, nobody knows what is in it. */
function unread({ block, output: { results } }: EndedSql): Outcome['why'] {
  const at = results.findIndex(({ unreadBytes }) => unreadBytes !== undefined);
  const result = results[at];
  if (!result) return null;
  const { line, column } = block.statements[at] ?? block;
  const message =
    `“${result.title}” returned a row of ${result.unreadBytes} bytes, which is more than is read of one: ` +
    'select less of it, such as length(…) or left(…, 1000)';
  return { message, line, column };
}

/** Without a COMMIT, PostgreSQL undoes it all when the connection ends, which is no error of its own. */
function leftOpen({ block, output }: EndedSql): Outcome['why'] {
  if (!output.openTransaction) return null;
  const { line, column } = block.statements.findLast(({ standing }) => OPENS.has(standing)) ?? block;
  const message =
    'the transaction that begins here is still open at the end of the block, so nothing of it was committed: ' +
    'write COMMIT at its end, or ROLLBACK where that is meant';
  return { message, line, column };
}

const OPENS = new Set(['begin', 'chain']);
