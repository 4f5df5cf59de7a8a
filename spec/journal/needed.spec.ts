import { expect, it } from 'vitest';
import type { RunStarted } from '../../tools/journal/event.ts';
import { type NeededBy, neededRuns } from '../../tools/journal/needed.ts';
import type { RecordedRun } from '../../tools/journal/recorded.ts';
import { at, runStarted } from '../support/events.ts';

const onNas = { target: { name: 'nas', kind: 'host' as const, server_version: null } };

interface Said extends Partial<RunStarted> {
  status?: 'passed' | 'failed' | null;
  passed?: string[];
}

const run = ({ status = 'passed', passed = ['one'], ...more }: Said): Omit<RecordedRun, 'id'> => ({
  directory: '/runs/x',
  bytes: 1,
  problem: null,
  read: {
    started: runStarted({ bytes: 'old', ...more }),
    end: status && { type: 'run-finished', at, status, why: null },
    ...{ blocks: 1, blocksPassed: 1, passed: new Set(passed) },
  },
});

/** Why each of these runs is needed, the oldest first; another one, which is the newest, follows them. */
function why(runs: (Said | RecordedRun['problem'])[], more: Partial<NeededBy> = {}): (string | null)[] {
  const all = [...runs, { bytes: 'newest', status: 'failed' as const }].map((one, i): RecordedRun => {
    const id = `run-${i + 1}`;
    if (typeof one === 'string') return { id, directory: '', bytes: 1, read: null, problem: one };
    const said = run(one ?? {});
    return { ...said, id };
  });
  const nothing = { units: new Map(), replicas: [], left: new Map() };
  const needed = neededRuns(all, { page: 'runbook.md', bytes: 'now', ...nothing, ...more });
  expect(needed.get(all.at(-1)?.id ?? '')).toBe('it is the newest');
  return all.slice(0, -1).map(({ id }) => needed.get(id) ?? null);
}

const vouches = 'it vouches for the page as it is';

it('a finished rehearsal of other bytes is needed by nobody, whether it passed or not', () => {
  expect(why([{}, { status: 'failed' }])).toEqual([null, null]);
});

it('what has no end, cannot be read, or is of another page, stays', () => {
  const other = { runbook: { path: 'docs/other.md', title: '', sha256: '' } };
  expect(why([{ status: null }, 'a line is no event', other])).toEqual([
    'it has no end: its tool was killed, or is still at work',
    'it cannot be read: a line is no event',
    'it is one of another page, docs/other.md',
  ]);
});

it('a rehearsal vouches that passed with the bytes of now, but for one that a newer one stands in for', () => {
  const now = { bytes: 'now' };
  expect(why([now, now])).toEqual([null, vouches]);
  expect(why([now, { ...now, status: 'failed' }])).toEqual([vouches, null]);
  expect(why([now, { ...now, part: true }])).toEqual([vouches, null]);
  expect(
    why([
      { ...now, passed: ['one', 'two'] },
      { ...now, passed: ['one'] },
    ]),
  ).toEqual([vouches, vouches]);
  // A run of all three is vouched for by the oldest alone.
  const parts = [
    ['one', 'two', 'three'],
    ['two', 'three'],
    ['one', 'two'],
  ];
  expect(why(parts.map((passed) => ({ ...now, passed })))).toEqual([vouches, vouches, vouches]);
});

it('a run whose block may still run stays; that nobody knows how it ended matters on a host alone', () => {
  const units = new Map([['run-1/change.2', 'open' as const]]);
  expect(why([{}, {}], { units })).toEqual(['its block change may still run', null]);
  const unknown = new Map([['run-1/change.1', 'unknown' as const]]);
  expect(why([{}], { units: unknown })).toEqual([null]);
  expect(why([onNas], { units: unknown })).toEqual(['nobody can say how its block change ended']);
  expect(why([{}], { units: new Map([['run-1/change.1', 'ended' as const]]) })).toEqual([null]);
});

it('a real run stays until its procedure has passed there once more, with all that it went on from', () => {
  const builds = 'a later run on nas may build on it';
  expect(why([onNas])).toEqual([builds]);
  expect(why([onNas, onNas])).toEqual([null, builds]);
  expect(why([onNas, { ...onNas, procedure: 'back' }])).toEqual([builds, builds]);
  expect(why([onNas, { ...onNas, status: 'failed' }])).toEqual([builds, builds]);
  expect(
    why([
      { ...onNas, status: 'failed' },
      { ...onNas, resumes: 'run-1' },
    ]),
  ).toEqual(['run-2 went on from it', builds]);
  const left = new Map([['run-1', ['backups']]]);
  expect(why([onNas, onNas], { left })[0]).toBe('its blocks left files in its directory: backups');
});

it('a rehearsal stays while its replica is there', () => {
  const kept = { target: { name: 'runbook-01234567', kind: 'embedded' as const, server_version: null } };
  expect(why([kept, {}], { replicas: ['runbook-01234567'] })).toEqual([
    'its replica runbook-01234567 is still there',
    null,
  ]);
});
