import { execa } from 'execa';
import { expect, it } from 'vitest';

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

it('says what it was measured on, and gives each case of parsing and matching at each size', {
  timeout: 120_000,
}, async () => {
  const { stdout } = await bench('parse', '--tiny');
  expect(stdout).toMatch(/^Measured on \d+ × .+, \d+ GB of memory, Linux .+, Node v20\..+\n\n## Parsing/);
  const [head, ...rows] = rowsIn(stdout);
  expect(head).toEqual(['ns/byte', '1 kB', '5 kB']);
  expect(rows.length).toBe(15);
  for (const row of rows)
    expect(row).toEqual([expect.any(String), ...Array(2).fill(expect.stringMatching(/^\d+$/))]);
});

it('measures the backfill at two sizes, and that it gives the rows of plain SQL', {
  timeout: 300_000,
}, async () => {
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
    stderr: 'no bench backfil: there are parse, watch, backfill',
  });
});
