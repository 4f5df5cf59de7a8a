import { expect, it } from 'vitest';
import { describeHidden, type Hidden, makeBeginning } from '../../tools/commands/resume.ts';
import { foldEarlier } from '../../tools/journal/earlier.ts';
import type { LeftVariables } from '../../tools/journal/exported.ts';
import { makePlan } from '../../tools/plan/plan.ts';
import { documentOf } from '../support/document.ts';
import { runStarted } from '../support/events.ts';
import { HERE } from '../support/perform.ts';

const document = documentOf(
  ...['# Shop', '## Step 1: Go'],
  ...['```sh { name=count on=local }', 'psql -c "SELECT 1"', '```'],
  ...['```sh { name=fetch on=local }', 'curl --fail -H "X: $API_TOKEN" http://shop/', '```'],
  ...['```sh { name=rest on=local }', 'true', '```'],
  ...['```sh { name=there on=nas }', 'echo "$SHOP_TOKEN"', '```'],
);

/** What is asked for by a run that goes on from one of these variables, and of a tool with these secrets. */
function hiddenAfter(left: LeftVariables, environmentSecrets: Record<string, string> = {}): Hidden[] {
  const planned = makePlan(document, null, HERE);
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  const resumed = { ...foldEarlier([runStarted({ id: 'r1' })], null), environmentSecrets };
  const before = { resumed, since: [], unfinished: null, left };
  const said = { again: [], done: [], allow: [], acceptChanges: false };
  return makeBeginning(planned.plan, before, document, said).hidden;
}

it('a secret that no journal holds is asked for where a block names it, or calls what takes it without a word', () => {
  const from = { run: 'r1', block: 'log-in', at: '2026-03-01T02:00:00.000Z', value: '***' };
  const left: LeftVariables = {
    PGPASSWORD: from,
    API_TOKEN: from,
    OTHER_TOKEN: from,
    PGUSER: { ...from, value: 'shop' },
  };
  expect(hiddenAfter(left)).toEqual([
    { name: 'PGPASSWORD', block: 'log-in', run: 'r1', users: ['count'] },
    { name: 'API_TOKEN', block: 'log-in', run: 'r1', users: ['fetch'] },
  ]);
});

it('so is one that only the environment of an earlier tool held, where a block on this machine uses it', () => {
  const from = { run: 'r1', block: 'log-in', at: '2026-03-01T02:00:00.000Z', value: 'known' };
  const held = { PGPASSWORD: 'r1', API_TOKEN: 'r0', SHOP_TOKEN: 'r1', OTHER_TOKEN: 'r1' };
  const hidden = hiddenAfter({ PGPASSWORD: from }, held);
  expect(hidden).toEqual([{ name: 'API_TOKEN', block: null, run: 'r0', users: ['fetch'] }]);
  expect(hidden.map((one) => describeHidden(one, ' in run r0'))).toEqual([
    'API_TOKEN, which the environment held in run r0 and fetch uses',
  ]);
});
