import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { worseThan } from '../../bench/worse.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const bench = (...args: string[]) =>
  execa(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...args], { reject: false });

/** The cells of each row of the tables in a page, heads included. */
const rowsIn = (page: string) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('says what it was measured on, and gives each case of parsing and matching at each size', async () => {
  const { stdout } = await bench('parse', '--tiny');
  expect(stdout).toMatch(/^Measured on \d+ × .+, \d+ GB of memory, Linux .+, Node v20\..+\n\n## Parsing/);
  const [head, ...rows] = rowsIn(stdout);
  expect(head).toEqual(['ns/byte', '1 kB', '5 kB']);
  expect(rows.length).toBe(19);
  for (const row of rows)
    expect(row).toEqual([expect.any(String), ...Array(2).fill(expect.stringMatching(/^\d+$/))]);
});

it('measures the backfill at two sizes, and that it gives the rows of plain SQL', async () => {
  const { stdout } = await bench('backfill', '--tiny');
  const [head, small, large, growth, ...more] = rowsIn(stdout);
  expect(head).toHaveLength(9);
  const measured = [
    ...['1', ...Array(2).fill(expect.stringMatching(/^\d+\.\d\d s$/))],
    expect.stringMatching(/^\d+\.\d\d× \(\d+\.\d\d to \d+\.\d\d\)$/),
    expect.stringMatching(/^\d+ MB$/),
    ...Array(2).fill(expect.stringMatching(/^\d+\.\d\d×$/)),
    'yes',
  ];
  expect([small, large]).toEqual([
    ['400', ...measured],
    ['4,000', ...measured],
  ]);
  expect(growth?.[0]).toBe('growth');
  expect(more).toEqual([]);
});

it('names the benches there are, where another is asked for', async () => {
  expect(await bench('backfil')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'no bench backfil: there are commands, rehearsal, watch, parse, backfill',
  });
});

it('measures what a person waits for, beside the least there is to wait for', async () => {
  const kept = join(await temporaryDirectory(), 'ratios.json');
  const { stdout } = await bench('commands', '--tiny', '--keep', kept);
  const [head, ...rows] = rowsIn(stdout);
  expect(head).toEqual(['what', 'against', 'median', 'against', 'ratio']);
  const time = expect.stringMatching(/^\d+\.\d m?s$/);
  const ratio = expect.stringMatching(/^\d+\.\d\d× \(\d+\.\d\d to \d+\.\d\d\)$/);
  for (const row of rows) expect(row).toEqual([expect.any(String), expect.any(String), time, time, ratio]);
  expect(Object.keys(JSON.parse(await readFile(kept, 'utf8')))).toEqual(rows.map(([what]) => what));
});

it('measures a rehearsal, and its blocks beside one script of the same commands', async () => {
  const { stdout } = await bench('rehearsal', '--tiny');
  const [, whole, start, seed, blocks] = rowsIn(stdout);
  const time = expect.stringMatching(/^\d+\.\d s$/);
  for (const row of [whole, start, seed]) expect(row).toEqual([expect.any(String), '', time, '', '']);
  expect(blocks?.slice(1)).toEqual(['one bash script', time, time, expect.stringMatching(/^\d+\.\d\d×/)]);
});

it('tells a ratio that is much worse than the recorded one, and no other', () => {
  const recorded = { start: 2, check: 4, block: 3 };
  expect(worseThan(recorded, { start: 2.9, check: 6.1, block: 1, other: 9 })).toEqual([
    'check: 6.10× is 1.5 times the recorded 4.00×',
  ]);
});
