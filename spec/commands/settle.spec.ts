import { expect, it } from 'vitest';
import { settle } from '../../tools/commands/settle.ts';
import type { EarlierBlock } from '../../tools/journal/earlier.ts';
import type { Begun, PreparedFact } from '../../tools/outcome/fact.ts';
import type { PlannedStep } from '../../tools/plan/plan.ts';
import { makeResumption } from '../../tools/plan/resumption.ts';
import { documentOf } from '../support/document.ts';

const at = '2026-03-01T02:00:00.000Z';

const page = documentOf(
  ...['# Shop', ''],
  ...['```sql { name=clean }', 'DELETE FROM a;', 'VACUUM a;', '```', '', '**Expected:** touches 1 row', ''],
  ...['```sh { name=migrate on=local done=version }', 'true', '```', ''],
  ...['```sh { name=again on=local done=version }', 'echo again', '```', ''],
  ...[
    '```sh { name=version on=local effect=reads }',
    'cat version',
    '```',
    '',
    '**Expected:** prints "2"',
    '',
  ],
  ...['```sh { name=version-probe on=local effect=reads }', 'true', '```', ''],
);

const steps = page.blocks.map((block): PlannedStep => ({ kind: 'block', block, name: block.name }));

const prepared = (index: number, xid: string | null, rows: number): PreparedFact => ({
  ...{ type: 'statement-prepared', index, xid },
  results: Array.from({ length: rows }, () => ({
    ...{ title: 'x', command: 'DELETE', columns: [], rows: [], rowCount: 1, truncated: false, durationMs: 1 },
  })),
});

const begun = (...facts: PreparedFact[]): Begun => ({
  ...{ run: 'r1', name: 'clean', attempt: 1, at, answered: null, prepared: facts },
});

/** What it comes to where these blocks failed, or stand otherwise. */
function settled(
  failed: Record<string, Begun | null>,
  again: string[] = [],
  done: string[] = [],
  state: EarlierBlock['state'] = 'failed',
) {
  const earlier = page.blocks.map(
    ({ name, key, effect }): EarlierBlock => ({
      ...{ name, key, effect, started: name in failed, why: '', from: { run: 'r1', at }, ended: null },
      ...{ state: name in failed ? state : 'not-begun', begun: failed[name] ?? null, removed: false },
    }),
  );
  return settle(makeResumption({ procedure: 'main', steps }, earlier), { again, done }, page);
}

it('statements go on at the one that was refused, also where it was about to begin', () => {
  const first = prepared(0, '7', 1);
  expect(settled({ clean: begun(first) }, ['clean']).begun.get('clean')?.prepared).toEqual([first]);
  const about = prepared(1, null, 0);
  expect(settled({ clean: begun(first, about) }, ['clean']).begun.get('clean')?.prepared).toEqual([first]);
  const ended = prepared(1, null, 1);
  expect(settled({ clean: begun(first, ended) }, ['clean']).begun.get('clean')?.prepared).toEqual([
    first,
    ended,
  ]);
});

it('each block with a probe is asked of by a step of its own name, which no block has', () => {
  const { probes, open } = settled({ migrate: null, again: null });
  expect([...probes].map(([name, { step }]) => [name, step.name])).toEqual([
    ['migrate', 'version-probe-2'],
    ['again', 'version-probe-3'],
  ]);
  expect(open).toEqual([]);
});

it('the person’s word counts for more than a probe', () => {
  const { probes, carried } = settled({ migrate: null, again: null }, ['again'], ['migrate']);
  expect(probes.size).toBe(0);
  expect(carried).toMatchObject([
    { name: 'migrate', because: 'person', outcome: { status: 'passed', why: null } },
  ]);
});

it('what has no probe is left open', () => {
  expect(settled({ clean: null }).open).toMatchObject([{ name: 'clean', changed: false }]);
});

it('what its host did not tell is looked up again; where the person has spoken of it, it is not', () => {
  const answered = { type: 'block-begun' as const, unit: 'r1/migrate.1', boot: null };
  const one = { migrate: { ...begun(), name: 'migrate', answered } };
  const lookedUp = settled(one, [], [], 'running');
  expect([...lookedUp.begun.keys()]).toEqual(['migrate']);
  expect(lookedUp.probes.size).toBe(0);
  expect(settled(one, ['migrate'], [], 'running')).toMatchObject({ begun: new Map(), carried: [] });
  expect(settled(one, [], ['migrate'], 'running').carried).toMatchObject([{ because: 'person' }]);
});
