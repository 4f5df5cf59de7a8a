import { expect, it } from 'vitest';
import { failureLines } from '../../tools/report/failures.ts';
import { styleFor, widthOf } from '../../tools/report/style.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

const told = (columns: number | null, ...blocks: Parameters<typeof blockReport>[]) =>
  failureLines(runReport(blocks.map((block) => blockReport(...block))), {
    ...{ write: () => undefined, columns, style: styleFor({}, {}) },
  });

const wrong = expectationOutcome({
  status: 'failed',
  text: 'titles is 2',
  expected: 'titles is 2',
  actual: 'titles is 3',
});
const why = { message: 'exit status 1', line: 8, column: 3 };

it('what failed is told with its line, both sides, and the last ten lines that it printed', () => {
  const stdout = Array.from({ length: 12 }, (_, i) => `row ${i}\n`).join('');
  const lines = told(
    null,
    ['one'],
    ['two', { status: 'failed', why, expectations: [expectationOutcome(), wrong], stdout }],
  );
  expect(lines).toEqual([
    '',
    '✗ two (runbook.md:7)',
    '    runbook.md:8:3: exit status 1',
    '    ✗ runbook.md:11: titles is 2',
    `        ${'expected'.padEnd(49)} │ actual`,
    `      ✗ ${'titles is 2'.padEnd(49)} │ titles is 3`,
    ...Array.from({ length: 10 }, (_, i) => `      row ${i + 2}`),
  ]);
});

it('of a result set, both sides say all', () => {
  const lines = told(null, [
    'two',
    { language: 'sql', status: 'failed', expectations: [wrong], stdout: ' n \n---\n 3' },
  ]);
  expect(lines.at(-1)).toContain('titles is 3');
});

it('what is unknown is told, too, and of what passed or was not run nothing', () => {
  const unknown = { message: 'the host went down', line: 8, column: 1 };
  expect(
    told(null, ['one'], ['two', { status: 'unknown', why: unknown }], ['three', { status: 'not-run', why }]),
  ).toEqual([...['', '? two (runbook.md:7)', '    runbook.md:8:1: the host went down']]);
  expect(told(null, ['one'])).toEqual([]);
});

it('of many blocks the first are told, and the others named', () => {
  const lines = told(
    null,
    ...['a', 'b', 'c', 'd', 'e'].map(
      (name): Parameters<typeof blockReport> => [name, { status: 'failed', why }],
    ),
  );
  expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(3);
  expect(lines.at(-1)).toBe('and 2 more blocks: d, e');
});

it('both sides stay within 60 columns', () => {
  const lines = told(60, [
    'two',
    { status: 'failed', expectations: [{ ...wrong, actual: 'titles '.repeat(30) }] },
  ]);
  expect(lines.filter((line) => line.includes('│') && widthOf(line) > 60)).toEqual([]);
});
