import { expect, it } from 'vitest';
import { compareRuns, twoRunsMarkdown, twoRunsText } from '../../tools/report/two-runs.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

const failed = expectationOutcome({ status: 'failed', line: 14 });
const first = runReport(
  [
    blockReport('gone'),
    blockReport('look', { expectations: [expectationOutcome(), expectationOutcome({ text: 'old' })] }),
    blockReport('slow', { duration_ms: 1000 }),
  ],
  { id: 'A' },
);
const second = runReport(
  [
    blockReport('look', {
      status: 'failed',
      line: 9,
      expectations: [failed, expectationOutcome({ text: 'new' })],
    }),
    blockReport('slow', { duration_ms: 2500 }),
    blockReport('came', { status: 'not-run', duration_ms: null }),
  ],
  { id: 'B' },
);

it('two runs are told apart by verdicts, what only one has, and durations', () => {
  expect(twoRunsText(compareRuns(first, second), 'runbook.md').split('\n')).toEqual([
    'A and B',
    '',
    'another verdict',
    '  runbook.md:9: look: passed, then failed',
    '  runbook.md:14: look: prints "hello": passed, then failed',
    '',
    'only in A',
    '  gone',
    '  look: old',
    '',
    'only in B',
    '  look: new',
    '  came',
    '',
    'durations',
    '  look  40 ms, then 40 ms (× 1)',
    '  slow  1 s, then 2.5 s (× 2.5)',
  ]);
});

it('and so in Markdown, of which what a page says makes nothing', () => {
  const text = twoRunsMarkdown(compareRuns(first, second), 'run_book.md');
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      ...['### `A` and `B`', '#### Another verdict', '- run\\_book.md:9: look: passed, then failed'],
      ...['#### Only in `A`', '- gone', '| `slow` | 1 s | 2.5 s | 2.5 |'],
    ]),
  );
});

it('the same run twice has no other verdict', () => {
  expect(compareRuns(first, first)).toMatchObject({ verdicts: [], only: [[], []] });
  expect(twoRunsText(compareRuns(first, first), 'runbook.md')).toContain('no verdict is another');
});

it('the same sentence twice is told apart by its order, and what was not run has no duration', () => {
  const twice = (...statuses: ('passed' | 'failed')[]) =>
    runReport([
      blockReport('look', {
        expectations: statuses.map((status, i) => expectationOutcome({ status, line: i })),
      }),
    ]);
  const { verdicts } = compareRuns(twice('passed', 'passed'), twice('passed', 'failed'));
  expect(verdicts).toMatchObject([{ line: 1, before: 'passed', after: 'failed' }]);
  const skipped = runReport([blockReport('slow', { status: 'not-run', duration_ms: 0 })]);
  expect(compareRuns(first, skipped).durations).toEqual([]);
});
