import { describe, expect, it } from 'vitest';
import { besideRehearsal } from '../../tools/report/beside.ts';
import { htmlReport } from '../../tools/report/html.ts';
import { lineDiff } from '../../tools/report/line-diff.ts';
import { markdownReport } from '../../tools/report/markdown.ts';
import { blockReport, runReport } from '../support/report.ts';

const sql = (name: string, rows: number, stdout: string, duration_ms = 40) =>
  blockReport(name, {
    key: name,
    language: 'sql',
    duration_ms,
    statements: [{ title: 'Topics', row_count: rows, duration_ms: 3 }],
    stdout,
  });

const downtime = (seconds: number) => ({
  from: { block: 'stop', at: '2026-03-01T02:00:00.000Z' },
  until: { block: 'start', at: new Date(Date.UTC(2026, 2, 1, 2, 0, seconds)).toISOString() },
});

const rehearsal = runReport(
  [sql('topics', 3, 'a\nb\nc\n'), sql('users', 1, 'x\n'), sql('again', 1, '1\n'), sql('again', 1, '2\n')],
  { id: '20260228-200000-beef', downtime: downtime(41) },
);
const real = besideRehearsal(
  runReport(
    [
      sql('topics', 2, 'a\nc\n', 30_000),
      sql('users', 1, 'x\n'),
      sql('again', 1, '1\n'),
      { ...sql('again', 1, '2\n'), name: 'again-2' },
    ],
    {
      target: { name: 'nas', kind: 'nas', server_version: '14.23' },
      resumes: '20260301-010000-0000',
      downtime: downtime(75),
    },
  ),
  rehearsal,
);

/** What a reader sees, a blank for each tag. */
const page = htmlReport(real)
  .replace(/<style>[\s\S]*?<\/style>/, '')
  .replaceAll(/<[^>]*>/g, ' ')
  .replaceAll(/\s+/g, ' ');

describe('a real run beside its rehearsal', () => {
  it('marks the result sets that differ, and no others; what is repeated is told apart by its order', () => {
    const differs = Object.entries(real.beside?.blocks ?? {}).map(([name, { differs }]) => [name, differs]);
    expect(differs).toEqual([
      ['topics', 'a\nb\nc\n'],
      ['users', null],
      ['again', null],
      ['again-2', null],
    ]);
  });

  it('is shown on the page: times, rows, and the results that differ', () => {
    expect(page).toContain('topics 30 s rehearsed 40 ms ');
    expect(page).toContain('Topics 2 rows 3 ms rehearsed 3 rows rehearsed 3 ms ');
    expect(page).toContain('other results than in the rehearsal rehearsed this run a a b c c ');
    expect(page.split('other results than')).toHaveLength(2);
    expect(page).toContain(
      'goes on from 20260301-010000-0000 down 1 min 15 s, from stop to start, rehearsed 41 s',
    );
    expect(page).toContain('beside the rehearsal 20260228-200000-beef on replica-1 (embedded)');
  });

  it('is shown in Markdown', async () => {
    await expect(markdownReport(real)).toMatchFileSnapshot('golden/beside.md');
  });

  it('has none where there was no rehearsal of the same blocks', () => {
    const alone = besideRehearsal(runReport([sql('topics', 1, 'a\n')]), null);
    expect(alone.beside).toBeNull();
    expect(markdownReport(alone)).not.toContain('ehears');
  });
});

describe('two texts line beside line', () => {
  it.each([
    ['a\nb\nc', 'a\nc', ['=a', '-b', '=c']],
    ['a', 'a\nb', ['=a', '+b']],
    ['x\ny', 'y\nx', ['-x', '=y', '+x']],
    ['', 'a', ['-', '+a']],
  ])('%j, %j', (before, after, rows) => {
    const shown = lineDiff(before, after).map(({ expected, actual, same }) =>
      same ? `=${actual}` : actual === null ? `-${expected}` : `+${actual}`,
    );
    expect(shown).toEqual(rows);
  });

  it('compares long ones by their place', () => {
    const long = Array.from({ length: 2000 }, (_, i) => String(i)).join('\n');
    expect(lineDiff(long, `new\n${long}`).filter(({ same }) => same)).toEqual([]);
  });
});
