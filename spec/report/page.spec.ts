import { describe, expect, it } from 'vitest';
import type { Event } from '../../tools/journal/event.ts';
import type { Picture } from '../../tools/journal/files.ts';
import { timeline } from '../../tools/report/html/timeline.ts';
import { htmlReport } from '../../tools/report/html.ts';
import type { RunReport } from '../../tools/report/report.ts';
import { runStarted } from '../support/events.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

const TEXT = [
  '---',
  'variables: { A: b }',
  '---',
  '# Move the shop',
  '',
  'Words with *stress* and <b>marks</b>.',
  '',
  '- [ ] Somebody knows.',
  '',
  '```sh { name=greet on=local }',
  'echo hello # <i>',
  '```',
  '',
  '**Expected output:**',
  '- prints "hello"',
  '- exits 0',
  '',
  '```sql { name=other }',
  'SELECT 1',
  '```',
].join('\n');

const greet = (more: Parameters<typeof blockReport>[1] = {}) =>
  blockReport('greet', { line: 10, text: 'echo hello # <i>\n', ...more });

const pageOf = (report: RunReport, events: Event[] = [], pictures = new Map<string, Picture[]>()) =>
  htmlReport(report, { text: TEXT, events, pictures }).replace(/<style>[\s\S]*?<\/style>/, '');

/** What a reader sees, a blank for each tag. */
const read = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the page of a run', () => {
  it('is the runbook: its words, its lists, and its blocks where they stand', () => {
    const page = pageOf(runReport([greet()]));
    expect(page).toContain('Words with <em>stress</em> and &lt;b&gt;marks&lt;/b&gt;.');
    expect(page).toContain('☐ Somebody knows.');
    expect(page).not.toContain('variables');
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toMatch(/<article id="block:greet" class="passed"/);
    // What this run did not have stands there as code.
    expect(page).toMatch(/<pre tabindex="0"><code><span class="hljs-keyword">SELECT<\/span>/);
    expect(page).not.toContain('id="block:other"');
  });

  it('has a verdict beside each sentence, and both sides below one that failed', () => {
    const expectations = [
      expectationOutcome({ line: 15, status: 'failed', expected: 'hello', actual: 'good bye' }),
      expectationOutcome({ line: 16, text: 'exits 0' }),
    ];
    const page = pageOf(runReport([greet({ status: 'failed', expectations })], { status: 'failed' }));
    expect(page).toMatch(/id="verdict:15"[^>]*><span class="sign failed"[^>]*>✗<\/span><\/span>prints/);
    expect(page).toMatch(/id="verdict:16"[^>]*><span class="sign passed"[^>]*>✓<\/span><\/span>exits 0/);
    expect(page).toMatch(
      /id="failed:15"[^>]*><table class="compare">[\s\S]*?data-side="expected"[\s\S]*?good bye/,
    );
    expect(page).toContain('<div id="failed:16" class="failed"></div>');
  });

  it('says first what failed, and once what did not run for it', () => {
    const blocks = [
      greet({ status: 'failed', why: { message: 'exit status 2', line: 11, column: 1 } }),
      ...['a', 'b', 'c'].map((name) => blockReport(name, { status: 'not-run', line: 99 })),
    ];
    const text = read(pageOf(runReport(blocks, { status: 'failed' })));
    const first = text.indexOf('exit status 2');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(text.indexOf('Words with'));
    expect(text).toContain('not run: 3 blocks a b c ');
    expect(text.match(/not run/g)).toHaveLength(1);
  });

  it('has a picture where the block stands that left it, and needs no request for it', () => {
    const picture: Picture = { name: 'shot "1".png', type: 'image/png', bytes: Buffer.from('PNG') };
    const files = ['notes.txt', picture.name];
    const page = pageOf(runReport([greet({ files })]), [], new Map([['greet', [picture]]]));
    const [, block = ''] = /<article id="block:greet"([\s\S]*?)<\/article>/.exec(page) ?? [];
    expect(block).toContain('<img src="data:image/png;base64,UE5H" alt="shot &quot;1&quot;.png"');
    expect(read(block)).toContain('left beside the journal: notes.txt, shot &quot;1&quot;.png');
    expect(page.match(/<img/g)).toHaveLength(1);
  });

  it('says that it is of a part, which vouches for nothing', () => {
    expect(read(pageOf(runReport([greet()], { part: true })))).toContain(
      'procedure a part of main: it vouches for no run on a host',
    );
  });

  it('offers failed sections first where some have failed', () => {
    const failed = greet({ status: 'failed', section: 'step-2', heading: 'Step 2: Fail' });
    const offers = (...blocks: RunReport['blocks']) => /failed ones first/.test(pageOf(runReport(blocks)));
    expect(offers(greet({ name: 'a' }), failed)).toBe(true);
    expect(offers(greet({ name: 'a' }), { ...failed, status: 'passed' })).toBe(false);
  });

  it('has what a block of the page gave each time that it ran', () => {
    const again = greet({ name: 'greet-2', stdout: 'the second\n' });
    const page = pageOf(runReport([greet({ stdout: 'the first\n' }), again]));
    expect(page.match(/<article /g)).toHaveLength(1);
    expect(read(page)).toMatch(/the first[\s\S]*greet-2[\s\S]*the second/);
  });
});

describe('the timeline', () => {
  const at = (s: number) => new Date(Date.UTC(2026, 2, 1, 2, 0, s)).toISOString();
  const facts = (name: string) => ({
    ...greet({ name }),
    expectations: [],
    budget_ms: [1000, 4000] as [number, number],
  });
  const events = [
    runStarted({ at: at(0), blocks: [facts('one'), facts('two')], expected_ms: { one: 2000 } }),
    { type: 'block-started', at: at(1), name: 'one', attempt: 1 },
    {
      ...{ type: 'block-finished', at: at(3), name: 'one', output: null, duration_ms: 2000 },
      outcome: { status: 'failed', why: null, expectations: [], captured: {} },
    },
    { type: 'block-started', at: at(3), name: 'two', attempt: 1 },
  ] as Event[];

  it('has a bar for each block that ran, from when to when, and one that grows for what runs', () => {
    const svg = timeline(events, at(5))?.markup ?? '';
    expect(svg).toContain('Timeline: 4 s from the first block to the last');
    expect(svg).toMatch(/<rect class="failed" x="260" y="6" width="370"/);
    expect(svg).toMatch(/<rect class="running" x="630" y="26" width="370"/);
    expect(svg).toContain('one: 2 s, estimated up to 4 s, rehearsed in 2 s');
    expect(svg.match(/class="rehearsed"/g)).toHaveLength(1);
  });

  it('is not there where nothing has run', () => {
    expect(timeline(events.slice(0, 1), at(5))).toBeNull();
  });
});
