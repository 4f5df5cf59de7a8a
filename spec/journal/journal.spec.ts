import {
  appendFile,
  chmod,
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Event } from '../../tools/journal/event.ts';
import {
  checkJournalHome,
  createJournal,
  JournalError,
  readJournal,
  runDirectories,
} from '../../tools/journal/journal.ts';
import { runStarted } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const at = '2026-03-01T02:00:00.000Z';

const started = runStarted();
const asked: Event = { type: 'question-answered', at, text: 'Everybody knows.', line: 3, answer: 'yes' };

async function journalWith(...events: Event[]) {
  const home = join(await temporaryDirectory(), '.runbook');
  const journal = await createJournal(home, new Date(at));
  for (const event of events) await journal.append(event);
  return { home, journal, file: join(journal.directory, 'journal.jsonl') };
}

it('a run of which nothing could be recorded leaves nothing, and the last one stays the last', async () => {
  const { home, journal } = await journalWith(started);
  await journal.close();
  const never = await createJournal(home, new Date(Date.parse(at) + 1000));
  await never.discard();
  expect(await runDirectories(home)).toEqual([journal.directory]);
  expect(await readlink(join(home, 'last'))).toBe(`runs/${journal.id}`);
});

describe('what is appended', () => {
  it('is on disk when append returns, and is read back as it was', async () => {
    const { journal, file } = await journalWith(started);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2);
    await journal.append(asked);
    expect(await readJournal(journal.directory)).toEqual([started, asked]);
    await journal.close();
  });

  it('has been given to the disk, and not only to the system, when append returns', async () => {
    const { journal, file } = await journalWith();
    const handle = await open(file);
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    const { datasync } = prototype;
    const given: string[] = [];
    // The real one is called; it is only slow to return, so that whoever does not wait for it is seen.
    const spy = vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: typeof handle) {
      await datasync.call(this);
      await new Promise((resolve) => setImmediate(resolve));
      given.push(await readFile(file, 'utf8'));
    });
    onTestFinished(() => spy.mockRestore());
    await journal.append(started);
    expect(given).toEqual([`${JSON.stringify(started)}\n`]);
    await journal.append(asked);
    expect(given).toHaveLength(2);
    expect(given[1]).toBe(await readFile(file, 'utf8'));
    await handle.close();
    await journal.close();
  });

  it('is one line, whatever is in it', async () => {
    const odd = { ...asked, text: 'a\nb\u2028c\r\u0000"\\ 🎉' };
    const { journal } = await journalWith(started, odd);
    expect(await readJournal(journal.directory)).toEqual([started, odd]);
    await journal.close();
  });

  it('is never a line that was only printed', async () => {
    const { journal } = await journalWith(started, { type: 'block-printed', at, name: 'a', line: 'hello' });
    expect(await readJournal(journal.directory)).toEqual([started]);
    await journal.close();
  });

  it('is for its owner alone to read', async () => {
    const { journal } = await journalWith(started);
    expect((await stat(join(journal.directory, 'journal.jsonl'))).mode & 0o077).toBe(0);
    expect((await stat(journal.directory)).mode & 0o077).toBe(0);
    await journal.close();
  });

  it('is refused with a clear word where the file cannot be written', async () => {
    const { journal } = await journalWith(started);
    await journal.close();
    await expect(journal.append(asked)).rejects.toThrow(
      /^the journal cannot be written, so nothing more is run: /,
    );
  });
});

describe('what is read', () => {
  it('is all but a last line that a killed process left half written', async () => {
    const { journal, file } = await journalWith(started, asked);
    await appendFile(file, '{"type":"block-fin');
    expect(await readJournal(journal.directory)).toEqual([started, asked]);
    await journal.close();
  });

  it.each([
    [
      'a damaged line in the middle',
      `${JSON.stringify(started)}\n{"type":\n${JSON.stringify(asked)}\n`,
      ':2: this line is no event',
    ],
    [
      'another format',
      `${JSON.stringify({ ...started, format: 3 })}\n`,
      'no journal of a format that this version reads',
    ],
    [
      'a first line that is no start',
      `${JSON.stringify(asked)}\n`,
      'no journal of a format that this version reads',
    ],
    ['nothing', '', 'no journal of a format that this version reads'],
  ])('is refused where it is %s', async (_, text, message) => {
    const { journal, file } = await journalWith();
    await writeFile(file, text);
    await expect(readJournal(journal.directory)).rejects.toThrow(message);
    await journal.close();
  });

  it('is refused where there is no such run', async () => {
    await expect(readJournal('/nowhere/runs/x')).rejects.toThrow('is there such a run?');
  });
});

describe('where a run cannot be recorded', () => {
  const reason = /^a run is recorded in .*runs, and nothing can be written there: E.*: make it a directory /;

  it.each(['.runbook', '.runbook/runs'])('as %s is a file, it is said beforehand', async (name) => {
    const directory = await temporaryDirectory();
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), '');
    const home = join(directory, '.runbook');
    await expect(checkJournalHome(home)).rejects.toThrow(JournalError);
    await expect(checkJournalHome(home)).rejects.toThrow(reason);
    await expect(createJournal(home, new Date(at))).rejects.toThrow(reason);
  });

  it('as a directory is read-only, it is said beforehand', async () => {
    const directory = await temporaryDirectory();
    const home = join(directory, '.runbook');
    const runs = join(home, 'runs');
    await mkdir(runs, { recursive: true });
    await asNobody([directory, home, runs], async () => {
      for (const path of [home, runs]) {
        await chmod(path, 0o500);
        await expect(checkJournalHome(home)).rejects.toThrow(reason);
        await chmod(path, 0o700);
      }
    });
  });

  it.each(['/dev/.runbook', '/proc/self/fd/.runbook'])('as nothing stays in %s, it is said', async (home) => {
    await expect(checkJournalHome(home)).rejects.toThrow(
      `a run is recorded beside its page, and nothing stays in ${dirname(home)}: save the page as a file`,
    );
  });

  it('and where it can, nothing is left of the trial', async () => {
    const home = join(await temporaryDirectory(), '.runbook');
    await checkJournalHome(home);
    await checkJournalHome(home);
    expect(await readdir(home)).toEqual(['runs']);
    expect(await readdir(join(home, 'runs'))).toEqual([]);
  });
});

it('`last` points at the newest run, and all are listed oldest first', async () => {
  const home = await temporaryDirectory();
  const first = await createJournal(home, new Date('2026-03-01T02:00:00Z'));
  const second = await createJournal(home, new Date('2026-03-01T02:00:01Z'));
  for (const journal of [first, second]) await journal.append(started);
  expect(first.id).toMatch(/^20260301-020000-[0-9a-f]{4}$/);
  expect(await readlink(join(home, 'last'))).toBe(join('runs', second.id));
  expect(await runDirectories(home)).toEqual([first.directory, second.directory]);
  expect(await runDirectories(join(home, 'nothing'))).toEqual([]);
  await Promise.all([first.close(), second.close()]);
});

/** Root may write whatever the modes say, so root becomes a user who may not, to whom the paths belong. */
async function asNobody(paths: string[], work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  for (const path of paths) await chown(path, 65534, 65534);
  process.seteuid?.(65534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}
