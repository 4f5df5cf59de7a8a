import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event, RunStarted } from '../../tools/journal/event.ts';
import { createJournal } from '../../tools/journal/journal.ts';
import { openJournals } from '../../tools/journal/journals.ts';
import { maskEvent } from '../../tools/journal/mask-event.ts';
import { receiptFor } from '../../tools/journal/receipt.ts';
import { makeSecrets } from '../../tools/journal/secrets.ts';
import { timingsFor } from '../../tools/journal/timings.ts';
import { eventsOfEveryKind } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const at = '2026-03-01T02:00:00.000Z';
const [start] = eventsOfEveryKind('') as [RunStarted];

/** What a run recorded: its blocks and how long each took, where it passed; `null` is one that did not. */
interface Recorded extends Partial<RunStarted> {
  took: Record<string, number | null>;
  status?: 'passed' | 'failed' | 'aborted' | null;
}

/** A home with these runs, the oldest first; the keys of blocks are their names. */
async function homeWith(...runs: Recorded[]) {
  const home = join(await temporaryDirectory(), '.runbook');
  const ids: string[] = [];
  for (const [i, { took, status = 'passed', ...more }] of runs.entries()) {
    const journal = await createJournal(home, new Date(Date.parse(at) + i * 1000));
    ids.push(journal.id);
    const [facts] = start.blocks;
    const blocks = facts ? Object.keys(took).map((name) => ({ ...facts, name, key: name })) : [];
    await journal.append({ ...start, bytes: 'b', data: 'small', ...more, id: journal.id, blocks });
    for (const [name, ms] of Object.entries(took)) {
      const outcome = {
        status: ms === null ? ('failed' as const) : ('passed' as const),
        why: null,
        expectations: [],
        captured: {},
      };
      await journal.append({ type: 'block-finished', at, name, outcome, output: null, duration_ms: ms ?? 1 });
    }
    if (status) await journal.append({ type: 'run-finished', at, status, why: null });
    await journal.close();
  }
  return { home, ids };
}

const blocks = ['one', 'two'].map((name) => ({ name, key: name }));
const both = { one: 10, two: 20 };
const onHost = { target: { name: 'nas', kind: 'host' as const, server_version: null } };

it('the newest rehearsal of the same bytes in which each block passed vouches', async () => {
  const { home, ids } = await homeWith(
    { took: both },
    { took: both },
    { took: { one: 10 } },
    { took: both, bytes: 'c' },
  );
  expect(await receiptFor(openJournals(home), 'b', '00', blocks)).toEqual({
    receipt: { run: ids[1], at, replica: 'embedded', data: 'small' },
  });
});

it.each<[string, Recorded, string]>([
  ['a run on a host', { took: both, ...onHost }, 'there was no rehearsal yet'],
  ['one that failed', { took: both, status: 'failed' }, 'the rehearsal <run> ended as failed'],
  ['one that was killed', { took: both, status: null }, 'the rehearsal <run> never ended'],
  ['one of a part', { took: both, part: true }, 'the rehearsal <run> was one of a part'],
  ['one of other blocks', { took: { one: 10 } }, 'the rehearsal <run> did not run `two`'],
  [
    'one of another runbook',
    { took: both, bytes: 'c', runbook: { path: 'x', title: '', sha256: '11' } },
    'since the newest rehearsal, <run>, the runbook has changed',
  ],
  [
    'one of other files',
    { took: both, bytes: 'c' },
    'since the newest rehearsal, <run>, a file that its blocks use, or this tool, has changed',
  ],
  [
    'one of an older version',
    { took: both, bytes: null },
    'since the newest rehearsal, <run>, a file that its blocks use, or this tool, has changed',
  ],
])('%s does not', async (_, recorded, why) => {
  const { home, ids } = await homeWith(recorded);
  expect(await receiptFor(openJournals(home), 'b', '00', blocks)).toEqual({
    why: why.replace('<run>', ids[0] ?? ''),
  });
});

it('nor does a journal that is damaged', async () => {
  const { home, ids } = await homeWith({ took: both });
  await appendFile(join(home, 'runs', ids[0] ?? '', 'journal.jsonl'), 'no event\n');
  expect(await receiptFor(openJournals(home), 'b', '00', blocks)).toEqual({
    why: `the journal of ${ids[0]} is damaged`,
  });
});

it('times are of the newest rehearsal on a dump that passed, and else of the newest', async () => {
  const { home, ids } = await homeWith(
    { took: { one: 1 }, data: 'a.dump' },
    { took: { one: 2 }, data: 'b.dump' },
    { took: { one: 3 }, data: 'c.dump', status: 'failed' },
    { took: { one: 4, two: 5 } },
    { took: { one: 6, two: 7, three: null }, status: 'failed' },
    { took: { one: 8, two: 9 }, ...onHost },
  );
  expect(await timingsFor(openJournals(home), ['one', 'two', 'three'])).toEqual({
    ms: new Map([
      ['one', 2],
      ['two', 7],
    ]),
    from: { run: ids[1], data: 'b.dump' },
  });
  expect(await timingsFor(openJournals(home), ['never'])).toEqual({ ms: new Map(), from: null });
});

it('a secret in the reason to go without one is masked', () => {
  const event: Event = { ...start, rehearsed: { reason: 'it is hunter22, as ever' } };
  expect(maskEvent(makeSecrets({ SHOP_PASSWORD: 'hunter22' }), event)).toMatchObject({
    rehearsed: { reason: 'it is ***, as ever' },
  });
});
