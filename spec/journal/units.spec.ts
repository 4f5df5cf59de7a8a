import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event, RunStarted } from '../../tools/journal/event.ts';
import { openJournals } from '../../tools/journal/journals.ts';
import { unitsKnown, unitsOf } from '../../tools/journal/units.ts';
import type { Outcome } from '../../tools/outcome/outcome.ts';
import { at, runStarted } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const A = '20260301-020000-aaaa';
const B = '20260301-030000-bbbb';
const C = '20260301-040000-cccc';

const started = (id: string, resumes: string | null = null): RunStarted => runStarted({ id, resumes });
const begins = (name: string, unit: string, attempt = 1): Event[] => [
  { type: 'block-started', at, name, attempt },
  { type: 'block-begun', at, name, attempt, unit, boot: 'x.1' },
];
const goesOn = (name: string, unit: string): Event => ({
  ...{ type: 'block-started', at, name, attempt: 1 },
  goes_on: {
    ...{ run: A, name, attempt: 1, at, prepared: [] },
    answered: { type: 'block-begun', unit, boot: 'x.1' },
  },
});
const printed = { text: '', bytes: 0, truncated: false };
const ends = (name: string, status: Outcome['status'], tried = true): Event => ({
  ...{ type: 'block-finished', at, name, duration_ms: 1 },
  outcome: { status, why: null, expectations: [], captured: {} },
  output: tried
    ? {
        ...{ kind: 'shell', exitCode: 0, timedOut: false, interrupted: false, exports: {}, durationMs: 1 },
        ...{ stdout: printed, stderr: printed },
      }
    : null,
});
const finished = (status: 'passed' | 'failed'): Event => ({ type: 'run-finished', at, status, why: null });

it('a directory is over once its block’s end is recorded, and not where nobody could tell it', () => {
  const events = [
    started(A),
    ...[...begins('one', `${A}/one.1`), ends('one', 'passed')],
    ...[...begins('two', `${A}/two.1`), ends('two', 'failed')],
    ...[...begins('three', `${A}/three.1`), ends('three', 'unknown', false)],
    ...[...begins('four', `${A}/four.1`), ends('four', 'not-run', false)],
    ...begins('five', `${A}/five.1`),
    ...[...begins('six', `${A}/six.1`), { ...ends('six', 'unknown', false), unanswered: true } as Event],
  ];
  expect(Object.fromEntries(unitsOf(events))).toEqual({
    ...{ [`${A}/one.1`]: 'ended', [`${A}/two.1`]: 'ended', [`${A}/three.1`]: 'unknown' },
    ...{ [`${A}/four.1`]: 'open', [`${A}/five.1`]: 'open', [`${A}/six.1`]: 'open' },
  });
});

it('the attempts before the last one are over, and so is a directory in which nothing had begun', () => {
  const retried = [started(A), ...begins('one', `${A}/one.1`), ...begins('one', `${A}/one.2`, 2)];
  expect([...unitsOf(retried)]).toEqual([
    [`${A}/one.1`, 'ended'],
    [`${A}/one.2`, 'open'],
  ]);
  const anew = [started(B, A), goesOn('one', `${A}/one.1`), ...begins('one', `${B}/one.1`).slice(1)];
  expect([...unitsOf(anew)]).toEqual([
    [`${A}/one.1`, 'ended'],
    [`${B}/one.1`, 'open'],
  ]);
});

/** What is known of the directories of `A`, where these runs have journals. */
async function knownOfA(...runs: Event[][]) {
  const home = await temporaryDirectory();
  for (const events of runs) {
    const directory = join(home, 'runs', (events[0] as RunStarted).id);
    await mkdir(directory, { recursive: true });
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    await writeFile(join(directory, 'journal.jsonl'), lines.join(''));
  }
  return Object.fromEntries(await unitsKnown(openJournals(home), new Set([A])));
}

it('the end of a block may stand in the journal of the run that went on with it', async () => {
  const first = [started(A), ...begins('one', `${A}/one.1`)];
  const second = [started(B, A), goesOn('one', `${A}/one.1`), ends('one', 'failed'), finished('failed')];
  expect(await knownOfA(first)).toEqual({ [`${A}/one.1`]: 'open' });
  expect(await knownOfA(first, second)).toEqual({ [`${A}/one.1`]: 'ended' });
});

it('what was unknown has been decided where a run that went on from it has passed, and not before', async () => {
  const first = [started(A), ...begins('one', `${A}/one.1`), ends('one', 'unknown', false)];
  const second = [started(B, A), ...begins('one', `${B}/one.1`), ends('one', 'failed'), finished('failed')];
  const third = [started(C, B), ...begins('one', `${C}/one.1`), ends('one', 'passed'), finished('passed')];
  expect(await knownOfA(first, second)).toMatchObject({ [`${A}/one.1`]: 'unknown' });
  expect(await knownOfA(first, second, third)).toMatchObject({ [`${A}/one.1`]: 'ended' });
  expect(await knownOfA(first, [started(C, null), finished('passed')])).toEqual({
    [`${A}/one.1`]: 'unknown',
  });
});
