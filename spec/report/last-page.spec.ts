import { describe, expect, it } from 'vitest';
import type { BlockFacts, Event } from '../../tools/journal/event.ts';
import type { Outcome } from '../../tools/outcome/outcome.ts';
import { downtimeMs, downtimeOf } from '../../tools/report/downtime.ts';
import { type LastPageFacts, lastPage } from '../../tools/report/last-page.ts';
import { foldReport } from '../../tools/report/report.ts';
import { standingOf } from '../../tools/report/standing.ts';
import { runStarted } from '../support/events.ts';

type Status = Outcome['status'];

const clock = (second: number) => new Date(Date.UTC(2026, 2, 1, 2, 0, second)).toISOString();

const TEXTS: Record<string, string> = {
  look: 'docker compose ps # docker compose stop',
  'back-up': 'pg_dump > x.dump',
  stop: 'docker compose stop api crawler',
  migrate: 'npm run -s migrate -- upgrade head',
  verify: 'docker compose ps',
  start: 'docker compose --ansi never up -d --wait',
};

const factsOf = (name: string, line: number): BlockFacts => ({
  name,
  section: 'step-1',
  heading: 'Step 1: All',
  line,
  language: 'sh',
  on: name === 'migrate' ? 'local' : 'nas',
  effect: name === 'look' || name === 'verify' ? 'reads' : 'writes',
  key: name,
  done: null,
  text: TEXTS[name] ?? '',
  budget_ms: null,
  expectations: [],
});

/** A run in which these blocks ended so, ten seconds after one another; those left out were not reached. */
function run(
  id: string,
  at: number,
  statuses: Record<string, Status | 'begun' | 'could not run'>,
  resumes: string | null = null,
) {
  const events: Event[] = [
    runStarted({
      at: clock(at),
      id,
      target: { name: 'nas', kind: 'host', server_version: '14.23' },
      blocks: Object.keys(TEXTS).map((name, i) => factsOf(name, 10 * (i + 1))),
      resumes,
    }),
  ];
  for (const [i, name] of Object.keys(TEXTS).entries()) {
    const status = statuses[name] ?? 'not-run';
    const outcome: Outcome = { status: 'not-run', why: null, expectations: [], captured: {} };
    const finished = { type: 'block-finished' as const, at: clock(at + 10 * i + 9), name, duration_ms: 9000 };
    if (status === 'not-run') {
      events.push({ ...finished, outcome, output: null, duration_ms: 0 });
      continue;
    }
    events.push({ type: 'block-started', at: clock(at + 10 * i), name, attempt: 1 });
    if (status === 'begun') return events;
    if (status === 'could not run') {
      events.push({ ...finished, outcome, output: null });
      continue;
    }
    events.push({
      ...finished,
      outcome: { ...outcome, status },
      output: status === 'unknown' ? null : OUTPUT,
    });
  }
  const last = Object.values(statuses).at(-1);
  const status = last === 'passed' || last === 'failed' || last === 'unknown' ? last : 'aborted';
  events.push({ type: 'run-finished', at: clock(at + 60), status, why: null });
  return events;
}

const captured = { text: '', bytes: 0, truncated: false };
const OUTPUT = {
  kind: 'shell' as const,
  exitCode: 0,
  timedOut: false,
  interrupted: false,
  stdout: captured,
  stderr: captured,
  exports: {},
  durationMs: 9000,
};

const EVERY = Object.fromEntries(Object.keys(TEXTS).map((name) => [name, 'passed' as const]));
const UP_TO_MIGRATE = { look: 'passed', 'back-up': 'passed', stop: 'passed' } as const;

const FACTS: LastPageFacts = {
  services: { stopped: ['api', 'crawler'], running: ['postgres', 'redis'] },
  goOn: ['npm run -s runbook -- run main --on nas --resume 20260301-020000-abcd'],
  run: (procedure) => `npm run -s runbook -- run ${procedure} --on nas`,
  ways: [
    { procedure: 'way-back/downgrade', destroys: ['downgrade'], lacks: [] },
    { procedure: 'way-back/restore', destroys: ['swap'], lacks: ['BACKUP'] },
    { procedure: 'way-back/look', destroys: [], lacks: [] },
  ],
  rehearsal: foldReport(run('20260228-200000-beef', -360, EVERY)),
  now: clock(95),
};

const pageOf = (chain: Event[][], facts: Partial<LastPageFacts> = {}) =>
  `${lastPage(chain, { ...FACTS, ...facts }).join('\n')}\n`;

describe('the last page', () => {
  it('says what is done and what is not, what is stopped, and how to go on or back', async () => {
    const failed = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'failed' });
    await expect(pageOf([failed])).toMatchFileSnapshot('golden/last-page-failed.txt');
  });

  it('says of an unknown end that it is unknown', async () => {
    const lost = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'unknown' });
    await expect(pageOf([lost], { services: null, ways: [] })).toMatchFileSnapshot(
      'golden/last-page-unknown.txt',
    );
  });

  it('knows of nothing to undo where nothing was changed', () => {
    expect(pageOf([run('a', 0, { look: 'failed' })])).toContain('nothing was changed');
  });

  it('says nothing of a downtime where nothing was stopped', () => {
    expect(pageOf([run('a', 0, { look: 'passed', 'back-up': 'failed' })])).not.toMatch(/^ {2}down /m);
  });
});

describe('how things stand', () => {
  const names = (chain: Event[][]) => {
    const { done, failed, unknown, notDone } = standingOf(chain);
    return [done, failed, unknown, notDone].map((list) => list.map(({ name }) => name).join(' '));
  };

  it('counts what a resumed run has behind it', () => {
    const first = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'failed' });
    const second = run('b', 100, { migrate: 'passed', verify: 'failed' }, 'a');
    expect(names([first, second])).toEqual(['look back-up stop migrate', 'verify', '', 'start']);
  });

  it('knows no end of a block that was begun and not ended', () => {
    const killed = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'begun' });
    expect(names([killed])).toEqual(['look back-up stop', '', 'migrate', 'verify start']);
    const second = run('b', 100, { look: 'passed' }, 'a');
    expect(names([killed, second])).toEqual(['look back-up stop', '', 'migrate', 'verify start']);
  });

  it('takes what could not be tried for not done, unless it was begun before', () => {
    const lost = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'could not run' });
    expect(names([lost])).toEqual(['look back-up stop', '', '', 'migrate verify start']);
    const killed = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'begun' });
    const second = run('b', 100, { migrate: 'could not run' }, 'a');
    expect(names([killed, second])).toEqual(['look back-up stop', '', 'migrate', 'verify start']);
  });
});

describe('the downtime clock', () => {
  const shown = (...chain: Event[][]) => {
    const down = downtimeOf(chain);
    return down && [down.from.block, down.until?.block ?? null, downtimeMs(down, clock(200)) / 1000];
  };

  it('runs from the first block that stops services to the last that starts them', () => {
    expect(shown(run('a', 0, EVERY))).toEqual(['stop', 'start', 39]);
  });

  it('runs on while they are down', () => {
    expect(shown(run('a', 0, { ...UP_TO_MIGRATE, migrate: 'failed' }))).toEqual(['stop', null, 180]);
    expect(shown(run('a', 0, { ...EVERY, start: 'failed' }))).toEqual(['stop', null, 180]);
  });

  it('runs through the runs that resume one another', () => {
    const first = run('a', 0, { ...UP_TO_MIGRATE, migrate: 'failed' });
    const second = run('b', 100, { migrate: 'passed', verify: 'passed', start: 'passed' }, 'a');
    expect(shown(first, second)).toEqual(['stop', 'start', 139]);
  });

  it('is not begun by a block that could not be run, nor by a comment', () => {
    const events = run('a', 0, { look: 'passed', 'back-up': 'passed' });
    expect(shown(events)).toBeNull();
    const lost: Event[] = [
      ...events.slice(0, 5),
      { type: 'block-started', at: clock(20), name: 'stop', attempt: 1 },
      {
        type: 'block-finished',
        at: clock(21),
        name: 'stop',
        outcome: { status: 'not-run', why: null, expectations: [], captured: {} },
        output: null,
        duration_ms: 1,
      },
    ];
    expect(shown(lost)).toBeNull();
  });
});
