import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../tools/report/html.ts';
import type { RunReport } from '../../tools/report/report.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

/** What a reader sees, a blank for each tag. */
const read = (report: RunReport) =>
  htmlReport(report)
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

const failed = blockReport('greet', {
  status: 'failed',
  why: { message: 'exit status 2: no such thing', line: 9, column: 3 },
  expectations: [
    expectationOutcome({ status: 'failed', expected: 'prints “hello”', actual: 'good bye ' }),
    expectationOutcome({ text: 'exits 0', line: 12 }),
    expectationOutcome({
      text: 'prints 3 lines',
      status: 'not-run',
      actual: 'it speaks of the seeded data',
    }),
  ],
});

describe('the page', () => {
  it('says how it ended, on what, and in what time', () => {
    const text = read(runReport([blockReport('greet')], { phases: { start: 3100 } }));
    expect(text).toContain(' passed Move the shop 1 of 1 block and 0 of 0 expectations passed. ');
    expect(text).toContain('target replica-1 (embedded, PostgreSQL 14.23) ');
    expect(text).toContain('took 1 min 05 s, of which 40 ms in blocks replica start 3.1 s ');
  });

  it('reads as the runbook: sections, and in them each block with its command and its line', () => {
    const text = read(
      runReport([blockReport('greet'), blockReport('bye', { section: 'step-2', heading: 'Step 2: Leave' })]),
    );
    expect(text).toMatch(
      /Step 1: Greet ✓ greet 40 ms runbook\.md:7 · sh on local, writes echo hello Step 2: Leave ✓ bye /,
    );
  });

  it('shows what was expected beside what was there, and why a block failed, at their lines', () => {
    const text = read(runReport([failed], { status: 'failed' }));
    expect(text).toContain(' runbook.md:9:3: exit status 2: no such thing ');
    expect(text).toContain(' prints &quot;hello&quot; line 11 expected actual prints “hello” good bye· ');
    expect(text).toContain(' not judged: it speaks of the seeded data ');
  });

  it('compares a time with its estimate', () => {
    const timed = (duration_ms: number) =>
      read(runReport([blockReport('greet', { duration_ms, budget_ms: [1000, 5000] })]));
    expect(timed(2000)).toContain(' 2 s estimated 1 s to 5 s ');
    expect(timed(6000)).toContain(' 6 s estimated 1 s to 5 s, over it ');
  });

  it('shows answers, what blocks left, and statements', () => {
    const sql = blockReport('count', {
      language: 'sql',
      stderr: 'NOTICE: it is late\n',
      statements: [{ title: 'All orders', row_count: 3, duration_ms: 1.2 }],
    });
    const questions = [{ text: 'Everybody knows.', line: 3, answer: 'yes' }];
    const text = read(runReport([sql], { questions, exports: { BACKUP: 'backups/x.dump' } }));
    expect(text).toContain(' All orders 3 rows 1 ms ');
    expect(text).toContain(' notices, 1 line NOTICE: it is late ');
    expect(text).toContain(' Everybody knows. yes line 3 ');
    expect(text).toContain(' BACKUP backups/x.dump ');
  });

  it('tells a run that was aborted from one that failed', () => {
    const text = read(
      runReport([blockReport('greet', { status: 'not-run' })], { status: 'aborted', why: 'interrupted' }),
    );
    expect(text).toMatch(/ aborted Move the shop .* interrupted /);
  });
});

describe('whatever it holds', () => {
  const nasty = `</pre><script>alert('1')</script>&amp;"\u001b[31mred\u001b[0m\u0000\u061c\u200e\u202e\u2066`;
  const page = htmlReport(
    runReport(
      [
        blockReport(nasty, {
          heading: nasty,
          text: nasty,
          status: 'failed',
          why: { message: nasty, line: 9, column: 1 },
          statements: [{ title: nasty, row_count: 1, duration_ms: 1 }],
          expectations: [
            expectationOutcome({ text: nasty, status: 'failed', expected: nasty, actual: nasty }),
          ],
          stdout: nasty,
          stderr: nasty,
        }),
      ],
      {
        exports: { A: nasty },
        questions: [{ text: nasty, line: 1, answer: nasty }],
        why: nasty,
        procedure: nasty,
      },
    ),
  );

  it('is shown as text', () => {
    expect(page).not.toContain('<script');
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(10);
    expect(page).not.toMatch(/(?![\n\t])\p{Cc}|[\u061c\u200e\u202e\u2066]/u);
    const codes = /&lt;U\+061C&gt;&lt;U\+200E&gt;&lt;U\+202E&gt;&lt;U\+2066&gt;/g;
    expect(page.match(codes)?.length).toBeGreaterThan(10);
  });

  it('asks for nothing: no script, no link away, no picture, no address', () => {
    expect(page).not.toMatch(/<(script|link|img|iframe)|src=|url\(|@import|https?:/);
    expect(page.match(/href="(?!#)/g)).toBeNull();
  });

  it('is bounded, however much was printed', () => {
    const block = blockReport('flood', { stdout: 'x'.repeat(4_000_000) });
    expect(htmlReport(runReport([block])).length).toBeLessThan(200_000);
  });
});

it('every tag that is opened is closed', () => {
  const page = htmlReport(
    runReport([failed, blockReport('bye', { stdout: 'x\n' })], { exports: { A: '1' } }),
  );
  const open: string[] = [];
  for (const [, end, name = ''] of page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['meta'].includes(name)) continue;
    if (end) expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});
