import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event } from '../../tools/journal/event.ts';
import { followJournal } from '../../tools/journal/follow.ts';
import { JournalError } from '../../tools/journal/journal.ts';
import { at, finished, runStarted } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const END: Event = { type: 'run-finished', at, status: 'passed', why: null };
const line = (event: Event) => `${JSON.stringify(event)}\n`;

/** A run's directory whose journal holds these lines, and the journal. */
async function journalOf(...lines: string[]) {
  const directory = await temporaryDirectory();
  const path = join(directory, 'journal.jsonl');
  await writeFile(path, lines.join(''));
  const add = (text: string) => appendFile(path, text);
  const controller = new AbortController();
  return { add, controller, coming: followJournal(directory, controller.signal) };
}

const types = (followed: IteratorResult<{ events: Event[]; isOver: boolean }>) =>
  followed.done ? 'done' : [followed.value.events.map(({ type }) => type), followed.value.isOver];

it('a run that is over is given at once', async () => {
  const { coming } = await journalOf(line(runStarted()), line(END));
  expect(types(await coming.next())).toEqual([['run-started', 'run-finished'], true]);
  expect(types(await coming.next())).toBe('done');
});

it('what another process writes is given as it comes, a line once it is whole', async () => {
  const { add, coming } = await journalOf(line(runStarted({ pid: process.pid })));
  expect(types(await coming.next())).toEqual([['run-started'], false]);
  const next = coming.next();
  await add(line(finished('one')).slice(0, 20));
  await add(`${line(finished('one')).slice(20)}${line(finished('two')).slice(0, 9)}`);
  expect(types(await next)).toEqual([['block-finished'], false]);
  await add(line(finished('two')).slice(9) + line(END));
  expect(types(await coming.next())).toEqual([['block-finished', 'run-finished'], true]);
  expect(types(await coming.next())).toBe('done');
});

it('it is over when its process has ended without a word, with all that it had written', async () => {
  const child = spawn('sleep', ['600']);
  const { add, coming } = await journalOf(line(runStarted({ pid: child.pid as number })));
  expect(types(await coming.next())).toEqual([['run-started'], false]);
  const next = coming.next();
  await add(line(finished('one')));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const first = types(await next);
  // Whether the line or the end is seen first is a matter of moments; neither is lost.
  if (first[1] === false) expect(types(await coming.next())).toEqual([[], true]);
  expect(first[0]).toEqual(['block-finished']);
  expect(types(await coming.next())).toBe('done');
});

it('nobody says who writes a journal of an older version: it is over', async () => {
  const { coming } = await journalOf(line(runStarted()), line(finished('one')));
  expect(types(await coming.next())).toEqual([['run-started', 'block-finished'], true]);
});

it('it ends when it is told to', async () => {
  const { controller, coming } = await journalOf(line(runStarted({ pid: process.pid })));
  await coming.next();
  const next = coming.next();
  controller.abort();
  expect(types(await next)).toBe('done');
});

it.each([
  ['is empty', ''],
  ['has a first line that is no beginning', line(END)],
  ['has a line that is no event', `${line(runStarted({ pid: process.pid }))}nonsense\n`],
])('a journal that %s is refused', async (_, text) => {
  const { coming } = await journalOf(text);
  await expect(coming.next()).rejects.toThrow(JournalError);
});
