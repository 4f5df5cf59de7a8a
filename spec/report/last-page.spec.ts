import { describe, expect, it } from 'vitest';
import type { Event } from '../../tools/journal/event.ts';
import { downtimeMs, downtimeOf } from '../../tools/report/downtime.ts';
import { type LastPageFacts, lastPage } from '../../tools/report/last-page.ts';
import { foldReport } from '../../tools/report/report.ts';
import { standingOf } from '../../tools/report/standing.ts';
import { clock, EVERY, run, UP_TO_MIGRATE } from '../support/night.ts';

const FACTS: LastPageFacts = {
  down: null,
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
  `${lastPage(chain, { ...FACTS, down: downtimeOf(chain), ...facts }).join('\n')}\n`;

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
