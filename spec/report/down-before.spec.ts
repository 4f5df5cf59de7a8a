import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event, RunStarted } from '../../tools/journal/event.ts';
import { openJournals } from '../../tools/journal/journals.ts';
import { chainOf } from '../../tools/journal/rehearsed.ts';
import { nightOf } from '../../tools/report/down-before.ts';
import { downtimeOf } from '../../tools/report/downtime.ts';
import { clock, run, UP_TO_MIGRATE } from '../support/night.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const [FIRST, SECOND, BACK] = ['20260301-020000-aaaa', '20260301-020030-bbbb', '20260301-020100-cccc'];

/** What a run tells the downtime by, where these were before it. */
async function downOf(events: Event[], ...before: Event[][]) {
  const home = await temporaryDirectory();
  for (const one of [...before, events]) {
    const directory = join(home, 'runs', (one[0] as RunStarted).id);
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, 'journal.jsonl'),
      one.map((event) => `${JSON.stringify(event)}\n`).join(''),
    );
  }
  const journals = openJournals(home);
  return downtimeOf(await nightOf(journals, await chainOf(journals, events)));
}

const STOPPED = { block: 'stop', at: clock(20) };

it('services that an earlier run stopped have been down since then, until a way back starts them', async () => {
  const failed = run(FIRST, 0, { ...UP_TO_MIGRATE, migrate: 'failed' });
  const back = run(BACK, 60, { start: 'passed' });
  expect(await downOf(back, failed)).toEqual({ from: STOPPED, until: { block: 'start', at: clock(119) } });
  expect(await downOf(run(BACK, 60, { verify: 'failed' }), failed)).toEqual({ from: STOPPED, until: null });
});

it('so they have where the earlier run was resumed, or another way back was tried between', async () => {
  const failed = run(FIRST, 0, { ...UP_TO_MIGRATE, migrate: 'failed' });
  const back = run(BACK, 60, { look: 'passed' });
  expect(await downOf(back, failed, run(SECOND, 30, { migrate: 'failed' }, FIRST))).toEqual({
    from: STOPPED,
    until: null,
  });
});

it('services that had been started again, or were stopped on another host, had not been down', async () => {
  const back = run(BACK, 60, { look: 'passed' });
  const started = run(FIRST, 0, { ...UP_TO_MIGRATE, migrate: 'passed', verify: 'passed', start: 'passed' });
  expect(await downOf(back, started)).toBeNull();
  expect(
    await downOf(
      back,
      run(FIRST, 0, { ...UP_TO_MIGRATE, migrate: 'failed' }),
      run(SECOND, 30, { start: 'passed' }),
    ),
  ).toBeNull();
  const elsewhere = run(FIRST, 0, { ...UP_TO_MIGRATE, migrate: 'failed' });
  (elsewhere[0] as RunStarted).target.name = 'other';
  expect(await downOf(back, elsewhere)).toBeNull();
});
