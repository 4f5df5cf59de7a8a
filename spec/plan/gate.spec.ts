import { expect, it } from 'vitest';
import type { Block } from '../../tools/document/document.ts';
import { type FromBefore, gateAhead, gateOf } from '../../tools/plan/gate.ts';
import { type BlockStep, blockSteps, makePlan } from '../../tools/plan/plan.ts';
import { blockOf, documentOf } from '../support/document.ts';
import { HERE } from '../support/perform.ts';

const left = new Map<string, FromBefore>([
  ['BACKUP', { value: 'backups/x.dump', run: 'r1', block: 'back-up', ageMs: 14 * 60_000 }],
  ['SINCE', { value: 'noon', run: 'r2', block: 'stop', ageMs: 3000 }],
  ['OTHER', { value: '1', run: 'r1', block: 'back-up', ageMs: 0 }],
]);

const gate = (block: Block) =>
  gateOf({ kind: 'block', block, name: block.name }, 'nas, database shop', left, 'r2');

it('a gate says what destroys where, and of each value that it uses whose it is and how old', () => {
  const block = blockOf(
    '# Shop',
    '```sh { name=restore on=local effect=destroys }',
    ': "${BACKUP:?none}"',
    'pg_restore "$BACKUP" # $SINCE, $HOME, OTHER',
    '```',
  );
  expect(gate(block)).toEqual({
    name: 'restore',
    line: 2,
    text:
      'restore destroys, on nas, database shop; it uses ' +
      'BACKUP=backups/x.dump (left by back-up in run r1, 14 minutes ago), ' +
      'SINCE=noon (left by stop in this run, 3 seconds ago)',
  });
});

it('a gate of statements has no values: none is filled in there', () => {
  const block = blockOf('# Shop', '```sql { name=empty effect=destroys }', "TRUNCATE a; -- '$BACKUP'", '```');
  expect(gate(block).text).toBe('empty destroys, on nas, database shop');
});

it('before a run, a value that a block is yet to leave is not known: it says which', () => {
  const document = documentOf(
    ...['# Shop', '## Step 1: Go'],
    ...['```sh { name=back-up on=local }', 'export BACKUP=backups/new.dump', '```'],
    ...['```sh { name=wipe on=local effect=destroys }', ': "$BACKUP $SINCE"', '```'],
    ...['```sh { name=later on=local }', 'export SINCE=now', '```'],
  );
  const planned = makePlan(document, null, HERE);
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  const { plan } = planned;
  const [, wipe] = blockSteps(plan.steps);
  const text = (done: string[]) =>
    gateAhead(wipe as BlockStep, plan, new Set(done), 'nas, database shop', left).text;
  const since = 'SINCE=noon (left by stop in run r2, 3 seconds ago)';
  expect(text([])).toBe(
    `wipe destroys, on nas, database shop; it uses BACKUP (which back-up is to leave), ${since}`,
  );
  expect(text(['back-up'])).toBe(
    'wipe destroys, on nas, database shop; it uses ' +
      `BACKUP=backups/x.dump (left by back-up in run r1, 14 minutes ago), ${since}`,
  );
});
