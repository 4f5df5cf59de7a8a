import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event, RunStarted } from '../../tools/journal/event.ts';
import { openJournals } from '../../tools/journal/journals.ts';
import { earlierRuns } from '../../tools/journal/resume.ts';
import { runStarted } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const at = '2026-03-01T02:00:00.000Z';

const started = (id: string, resumes: string | null = null): RunStarted =>
  runStarted({ id, target: { name: 'nas', kind: 'host', server_version: null }, resumes });

/** `.runbook` with the journals of these runs. */
async function homeWith(...runs: [RunStarted, ...Event[]][]): Promise<string> {
  const home = join(await temporaryDirectory(), '.runbook');
  for (const events of runs) {
    const directory = join(home, 'runs', events[0].id);
    await mkdir(directory, { recursive: true });
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    await writeFile(join(directory, 'journal.jsonl'), lines.join(''));
  }
  return home;
}

const passed: Event = { type: 'run-finished', at, status: 'passed', why: null };
const [A, B] = ['20260301-020000-aaaa', '20260301-030000-bbbb'];

it('the runs of a host are listed, the newest first', async () => {
  const home = await homeWith([started(A), passed], [started(B)]);
  expect((await earlierRuns(openJournals(home), 'nas')).map(({ id, status }) => [id, status])).toEqual([
    [B, null],
    [A, 'passed'],
  ]);
  expect(await earlierRuns(openJournals(home), 'other')).toEqual([]);
});

it('where the journal is gone that a run went on from, what it did is not known, unless that run passed', async () => {
  const gone = await homeWith([started(B, A)]);
  await expect(earlierRuns(openJournals(gone), 'nas')).rejects.toThrow(
    `this run went on from run ${A}, whose journal is not there: put it back, or move this one away, too`,
  );
  expect(await earlierRuns(openJournals(await homeWith([started(B, A), passed])), 'nas')).toHaveLength(1);
});
