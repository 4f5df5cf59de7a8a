import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event } from '../../tools/journal/event.ts';
import { followJournal } from '../../tools/journal/follow.ts';
import { openJournals } from '../../tools/journal/journals.ts';
import { at, runStarted } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const ID = '20260301-020000-aaaa';
const started = runStarted({ id: ID });
const question: Event = { type: 'question-answered', at, text: 'May it?', line: 3, answer: 'yes' };
const finished: Event = { type: 'run-finished', at, status: 'failed', why: null };

const lines = (...events: Event[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

it('that of a run which has ended is read once, and any other as often as it is asked for', async () => {
  const home = await temporaryDirectory();
  const directory = join(home, 'runs', ID);
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'journal.jsonl');
  await writeFile(path, lines(started));
  const journals = openJournals(home);
  expect(await journals.directories()).toEqual([directory]);
  expect(await journals.read(directory)).toHaveLength(1);
  await appendFile(path, lines(question, finished));
  expect(await journals.read(directory)).toHaveLength(3);
  await rm(path);
  expect(await journals.read(directory)).toEqual([started, question, finished]);
  const begun: string[] = [];
  for await (const one of journals.beginnings()) begun.push(one.started.id);
  expect(begun).toEqual([]);
});

it('a fifo in the place of a journal is passed over, and keeps nobody waiting', async () => {
  const home = await temporaryDirectory();
  const there = join(home, 'runs', ID);
  const fifo = join(home, 'runs', '20260301-030000-bbbb');
  for (const directory of [there, fifo]) await mkdir(directory, { recursive: true });
  await writeFile(join(there, 'journal.jsonl'), lines(started, finished));
  execFileSync('mkfifo', [join(fifo, 'journal.jsonl')]);
  const journals = openJournals(home);
  const begun: string[] = [];
  for await (const one of journals.beginnings()) begun.push(one.started.id);
  expect(begun).toEqual([ID]);
  await expect(journals.read(fifo)).rejects.toThrow('no journal of a format');
  await expect(followJournal(fifo, new AbortController().signal).next()).rejects.toThrow('does not begin');
});
