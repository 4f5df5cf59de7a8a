import type { BoundSentence } from '../document/document.ts';
import { type Assertion, speaksOfRows } from '../expect/assertion.ts';
import { jsonRows } from '../expect/json-rows.ts';
import { judgeRows } from '../expect/judge-rows.ts';
import { countOf } from '../expect/rows.ts';
import { tooMuch } from '../expect/sentences/printed.ts';
import type { Verdict } from '../expect/verdict.ts';
import { isMeasured, looksApartMs, type Unmeasured } from './effects.ts';
import type { Ended, EndedSql } from './ended.ts';
import type { ExpectationOutcome } from './outcome.ts';
import type { Output, ShellOutput } from './output.ts';

/** `broken`: the block did not get as far as it should, which says itself why a statement gave nothing. */
export function judgeSentence(sentence: BoundSentence, ended: Ended, broken: boolean): ExpectationOutcome {
  const { text, line, compiled } = sentence;
  if (!compiled)
    return { text, line, status: 'failed', expected: text, actual: 'no rule reads this sentence' };
  const { assertion } = compiled;
  if (assertion.of === 'locks' && !isMeasured(ended.output.effects))
    return { text, line, status: 'not-run', expected: text, actual: unseen(ended.output.effects) };
  const found =
    ended.kind === 'sql' ? judgeOfSql(assertion, sentence, ended) : judgeOfShell(assertion, ended.output);
  if (typeof found !== 'string') {
    const { passed, expected, actual } = found;
    return { text, line, status: passed ? 'passed' : 'failed', expected, actual };
  }
  const isExplained = broken && ended.kind === 'sql' && speaksOfRows(assertion);
  return { text, line, status: isExplained ? 'not-run' : 'failed', expected: text, actual: found };
}

const unseen = (effects: Unmeasured | undefined): string =>
  effects ? `what the block did was not seen: ${effects.unmeasured}` : 'locks are seen in a rehearsal only';

/** The judge of locks, where they were seen. */
const judgeLocks = (assertion: Assertion<'locks'>, { effects }: Output): Verdict | string =>
  isMeasured(effects)
    ? assertion.judge({ held: effects.locks, apartMs: looksApartMs(effects) })
    : unseen(effects);

/** What the sentence comes to, or in words why there is not what it speaks of. */
function judgeOfShell(assertion: Assertion, output: ShellOutput): Verdict | string {
  const { exitCode, stdout, stderr } = output;
  switch (assertion.of) {
    case 'locks':
      return judgeLocks(assertion, output);
    case 'exit-status':
      return assertion.judge(exitCode);
    case 'printed':
      return assertion.judge({ stdout, stderr });
    case 'value':
      return assertion.judge.printed({ stdout, stderr });
    case 'refusal':
      return 'a shell has no statement that could be refused';
    default: {
      if (stdout.truncated) return tooMuch(stdout);
      const rows = jsonRows(stdout.text);
      return rows ? judgeRows(assertion, rows) : 'the output is no JSON, so it has no rows';
    }
  }
}

/** As of a shell. Rows that were not all kept were judged while they came. */
function judgeOfSql(
  assertion: Assertion,
  { text, statement }: BoundSentence,
  { output }: EndedSql,
): Verdict | string {
  const { results, refusal } = output;
  const result = statement === null ? undefined : results[statement];
  switch (assertion.of) {
    case 'locks':
      return judgeLocks(assertion, output);
    case 'exit-status':
    case 'printed':
      return 'SQL has no exit status and prints nothing';
    case 'refusal':
      if (refusal && statement === results.length) return assertion.judge(refusal);
      return result ? `it succeeds (${result.command})` : 'the statement did not run';
    default:
      if (!result) return 'the statement did not run, or failed';
      if (assertion.of === 'changed-rows' && result.command === 'SELECT' && result.columns.length > 0)
        return `it returns ${countOf(result.rowCount)}, and how many it changed is not told`;
      return result.verdicts?.[text] ?? judgeRows(assertion, result);
  }
}
