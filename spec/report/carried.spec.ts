import { describe, expect, it } from 'vitest';
import type { BlockCarried, BlockFacts, BlockFinished, Event } from '../../tools/journal/event.ts';
import { htmlReport } from '../../tools/report/html.ts';
import { junitReport } from '../../tools/report/junit.ts';
import { markdownReport } from '../../tools/report/markdown.ts';
import { foldReport } from '../../tools/report/report.ts';
import { styleFor } from '../../tools/report/style.ts';
import { terminalReport } from '../../tools/report/terminal.ts';
import { runStarted } from '../support/events.ts';

const at = '2026-03-01T02:14:00.000Z';
const before = '2026-03-01T02:00:00.000Z';
const time = '02:14:00Z';

const facts = (name: string, more: Partial<BlockFacts> = {}): BlockFacts => ({
  name,
  section: 'step-1',
  heading: 'Step 1: Go',
  line: 7,
  language: 'sh',
  on: 'nas',
  effect: 'writes',
  key: null,
  done: null,
  text: 'true\n',
  budget_ms: null,
  expectations: [],
  ...more,
});

const outcome = (status: 'passed' | 'failed' | 'unknown'): BlockFinished['outcome'] => ({
  status,
  why: status === 'passed' ? null : { message: 'the host went down', line: 7, column: 1 },
  expectations: [],
  captured: {},
});

const carried = (name: string, because: BlockCarried['because']): BlockCarried => ({
  ...{ type: 'block-carried', at, name, from: { run: 'r1', at: before }, because },
  ...{ outcome: outcome('passed'), output: null, duration_ms: 60_000 },
});

const finished = (name: string, status: 'passed' | 'failed' | 'unknown'): BlockFinished => ({
  ...{ type: 'block-finished', at, name, outcome: outcome(status), output: null, duration_ms: 40 },
});

const started = runStarted({
  id: 'r2',
  target: { name: 'nas', kind: 'host', server_version: null },
  blocks: [
    ...['back-up', 'migrate', 'stop', 'start'].map((name) => facts(name)),
    facts('version-probe', { probe_of: 'migrate' }),
    facts('stopped-probe', { probe_of: 'start' }),
  ],
  resumes: 'r1',
});

const events: Event[] = [
  started,
  carried('back-up', 'passed'),
  carried('stop', 'person'),
  { type: 'block-started', at, name: 'version-probe', attempt: 1 },
  finished('version-probe', 'passed'),
  carried('migrate', 'probe'),
  { type: 'block-started', at, name: 'stopped-probe', attempt: 1 },
  finished('stopped-probe', 'failed'),
  { type: 'block-started', at, name: 'start', attempt: 1 },
  finished('start', 'passed'),
  { type: 'run-finished', at, status: 'passed', why: null },
];

const shown = (all: Event[]) => {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const terminal = terminalReport({ write, columns: null, style: styleFor({}, {}) });
  for (const event of all) terminal.show(event);
  return text;
};

describe('what an earlier run ran', () => {
  const report = foldReport(events);

  it('counts as passed, takes no time of this run, and says whose it is; a probe is none of the blocks', () => {
    expect(report.blocks.map(({ name, status, carried }) => [name, status, carried])).toEqual([
      ['back-up', 'passed', { run: 'r1', at: before, because: 'passed' }],
      ['migrate', 'passed', { run: 'r1', at: before, because: 'probe' }],
      ['stop', 'passed', { run: 'r1', at: before, because: 'person' }],
      ['start', 'passed', null],
    ]);
    expect(report.totals).toMatchObject({ blocks: 4, blocks_passed: 4, blocks_failed: 0, command_ms: 40 });
    expect(report.probes).toEqual([
      { name: 'version-probe', of: 'migrate', status: 'passed' },
      { name: 'stopped-probe', of: 'start', status: 'failed' },
    ]);
  });

  it('is no tick on the terminal', () => {
    expect(shown(events).split('\n')).toEqual([
      '',
      'Step 1: Go',
      `${time} [1/4] ↷ back-up: passed in run r1, 14 minutes ago`,
      `${time} [3/4] ↷ stop: is done, as the person says; begun in run r1, 14 minutes ago`,
      `${time} ? version-probe: migrate is done`,
      `${time} [2/4] ↷ migrate: is done, as its probe says; begun in run r1, 14 minutes ago`,
      `${time} ? stopped-probe: start is not done`,
      `${time} [4/4] ✓ start (40 ms)`,
      '',
      'passed',
      '',
    ]);
  });

  it('is said so on the page, without a time, and what probes said', () => {
    const page = htmlReport(report)
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    expect(page).toContain('not run by this run: it passed in run r1, at 2026-03-01 02:00:00 UTC');
    expect(page).toContain('not run by this run: it is done, as its probe says; begun in run r1, at 2026-');
    expect(page).toContain('stopped-probe: start is not done');
    expect(page).not.toContain('1 min');
  });

  it('is said so in Markdown', () => {
    expect(markdownReport(report)).toContain(
      'Not run by this run, and counted:\n\n- `back-up` passed in run r1, at 2026-03-01 02:00:00 UTC\n- `migrate` is done,',
    );
  });

  it('is said so for CI servers, and takes no time there', () => {
    const lines = junitReport(report).split('\n');
    expect(lines.find((line) => line.includes('name="back-up"'))).toMatch(
      /time="0.000"><system-out>passed in run r1, at 2026-03-01 02:00:00 UTC<\/system-out><\/testcase>$/,
    );
    expect(lines.some((line) => line.includes('probe"'))).toBe(false);
  });
});

it('what is unknown is neither a tick nor a cross', () => {
  const text = shown([
    started,
    { type: 'block-started', at, name: 'start', attempt: 1 },
    finished('start', 'unknown'),
  ]);
  expect(text).toContain(' ? start (40 ms)\n    runbook.md:7:1: the host went down\n');
});

it('a probe that cannot tell says why', () => {
  const asked: Event = { type: 'block-started', at, name: 'version-probe', attempt: 1 };
  expect(shown([started, asked, finished('version-probe', 'unknown')])).toContain(
    ' ? version-probe: whether migrate is done is unknown, the host went down\n',
  );
});
