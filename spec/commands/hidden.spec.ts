import { expect, it } from 'vitest';
import { makeBeginning } from '../../tools/commands/resume.ts';
import { makePlan } from '../../tools/plan/plan.ts';
import { documentOf } from '../support/document.ts';
import { HERE } from '../support/perform.ts';

const document = documentOf(
  ...['# Shop', '## Step 1: Go'],
  ...['```sh { name=count on=local }', 'psql -c "SELECT 1"', '```'],
  ...['```sh { name=fetch on=local }', 'curl --fail -H "X: $API_TOKEN" http://shop/', '```'],
  ...['```sh { name=rest on=local }', 'true', '```'],
);

it('a secret that no journal holds is asked for where a block names it, or calls what takes it without a word', () => {
  const planned = makePlan(document, null, HERE);
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  const from = { run: 'r1', block: 'log-in', at: '2026-03-01T02:00:00.000Z', value: '***' };
  const left = { PGPASSWORD: from, API_TOKEN: from, OTHER_TOKEN: from, PGUSER: { ...from, value: 'shop' } };
  const before = { resumed: null, since: [], unfinished: null, left };
  const said = { again: [], done: [], allow: [], acceptChanges: false };
  expect(makeBeginning(planned.plan, before, document, said).hidden).toEqual([
    { name: 'PGPASSWORD', block: 'log-in', run: 'r1', users: ['count'] },
    { name: 'API_TOKEN', block: 'log-in', run: 'r1', users: ['fetch'] },
  ]);
});
