import type { RowsAssertion, RowWatch } from './assertion.ts';
import { countOf } from './rows.ts';
import type { Columns, ResultSet } from './subject.ts';
import { type Verdict, verdict } from './verdict.ts';

/** Begins to judge a result set whose rows are still to come. */
export function watchRows(assertion: RowsAssertion, columns: Columns): RowWatch {
  switch (assertion.of) {
    case 'rows':
      return assertion.judge(columns);
    case 'value':
      return assertion.judge.rows(columns);
    default:
      return { see: () => undefined, verdict: assertion.judge };
  }
}

/**
 * Judges a result set that is there. One that was not kept whole makes nothing true but what its count says, unless
 * it was watched as the rows came: nobody can say what stands in the others.
 */
export function judgeRows(assertion: RowsAssertion, result: ResultSet): Verdict {
  const { columns, rows, rowCount, truncated } = result;
  const watch = watchRows(assertion, columns);
  if (assertion.of === 'row-count' || assertion.of === 'changed-rows') return watch.verdict(rowCount);
  for (const row of rows) watch.see(row);
  const found = watch.verdict(rowCount);
  return truncated ? verdict(false, found.expected, notCompared(rows.length, rowCount)) : found;
}

/** For what needs every row of a result set that was not kept whole. */
export const notCompared = (kept: number, rowCount: number): string =>
  `more rows than can be compared (${countOf(rowCount)}; the first ${kept} were kept): narrow the query`;
