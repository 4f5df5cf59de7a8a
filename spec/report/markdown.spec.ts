import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../tools/report/markdown.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

const changed = expectationOutcome({
  text: 'output: hello',
  line: 13,
  status: 'failed',
  lines: [
    { expected: 'a', actual: 'a', same: true },
    { expected: 'hello', actual: 'bye ', same: false },
    { expected: 'z', actual: null, same: false },
  ],
});

describe('the summary', () => {
  it('says how it ended, with every section', () => {
    const text = markdownReport(
      runReport([blockReport('greet'), blockReport('bye', { section: 'step-2', heading: 'Step 2 | Leave' })]),
    );
    expect(text).toContain('### ✅ Move the shop: passed\n');
    expect(text).toContain('`main` of `runbook.md` on replica-1 (embedded, PostgreSQL 14.23): 2 of 2 blocks');
    expect(text).toContain(
      '| ✅ | Step 1: Greet | 1 of 1 | 0 of 0 | 40 ms |\n| ✅ | Step 2 \\| Leave | 1 of 1 |',
    );
  });

  it('shows what failed as a difference, at its line', () => {
    const block = blockReport('greet', { status: 'failed', expectations: [changed] });
    expect(markdownReport(runReport([block], { status: 'failed' }))).toContain(
      '#### `greet`\n\n`runbook.md:13` output: hello\n\n```diff\n  a\n- hello\n+ bye·\n- z\n```\n',
    );
  });

  it('shows why a block failed, and why a run was aborted', () => {
    const why = { message: '42703: column "b" does not exist', line: 9, column: 8 };
    const text = markdownReport(
      runReport([blockReport('greet', { status: 'failed', why })], { status: 'aborted', why: 'interrupted' }),
    );
    expect(text).toContain('```text\nrunbook.md:9:8: 42703: column "b" does not exist\n```');
    expect(text).toContain('**interrupted**');
  });

  it('lets nothing out of its fence or cell, and calls nobody', () => {
    const nasty = 'a ```` b\n```\n@somebody <script> | x';
    const one = expectationOutcome({ text: nasty, status: 'failed', expected: nasty, actual: nasty });
    const block = blockReport('greet', { heading: nasty, status: 'failed', expectations: [one] });
    const tokens = new MarkdownIt({ html: true }).parse(
      markdownReport(runReport([block], { status: 'failed' })),
      {},
    );
    expect(tokens.filter(({ type }) => type === 'fence')).toHaveLength(1);
    expect(tokens.filter(({ type }) => type === 'html_block').map(({ content }) => content.trim())).toEqual([
      '<details><summary>Sections</summary>',
      '</details>',
    ]);
    const prose = tokens.filter(({ type }) => type === 'inline').flatMap(({ children }) => children ?? []);
    expect(prose.filter(({ type }) => type === 'html_inline')).toEqual([]);
    expect(prose.filter(({ content }) => content.includes('@somebody'))).toEqual([]);
  });

  it('shows what nobody sees as its code', () => {
    const hidden = 'a\u202eb\u200fc';
    const one = expectationOutcome({
      text: hidden,
      status: 'failed',
      expected: hidden,
      actual: `${hidden}d`,
    });
    const block = blockReport('greet', { heading: hidden, status: 'failed', expectations: [one] });
    const text = markdownReport(runReport([block], { status: 'failed', why: hidden, procedure: hidden }));
    expect(text).not.toMatch(/[\u202e\u200f]/);
    expect(text).toContain('- a<U+202E>b<U+200F>c\n+ a<U+202E>b<U+200F>cd\n');
    expect(text.match(/a\\<U\+202E\\>b\\<U\+200F\\>c/g)?.length).toBe(3);
  });

  it('fits into a comment, however much failed', () => {
    const long = 'x'.repeat(500);
    const lines = Array.from({ length: 500 }, () => ({ expected: long, actual: `${long}!`, same: false }));
    const blocks = Array.from({ length: 50 }, (_, i) =>
      blockReport(`b${i}`, {
        status: 'failed',
        expectations: [expectationOutcome({ status: 'failed', lines })],
      }),
    );
    const text = markdownReport(runReport(blocks, { status: 'failed' }));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('… and 40 more blocks failed.');
  });
});
