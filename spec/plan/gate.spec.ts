import { expect, it } from 'vitest';
import type { Block } from '../../tools/document/document.ts';
import { type FromBefore, gateOf } from '../../tools/plan/gate.ts';
import { blockOf } from '../support/document.ts';

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
