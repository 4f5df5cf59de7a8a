import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../tools/commands/bytes.ts';
import { type PruneOptions, pruneRuns } from '../../tools/commands/prune.ts';
import { readDocument } from '../../tools/commands/read.ts';
import { listRuns } from '../../tools/commands/runs.ts';
import type { Event } from '../../tools/journal/event.ts';
import { createJournal } from '../../tools/journal/journal.ts';
import { eventsOfEveryKind } from '../support/events.ts';
import { expectGolden } from '../support/golden.ts';
import { makeShop, type Shop, sh, start } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** A shop with so many runs that failed, a day apart and the oldest first, and their ids. */
async function withRuns(count: number): Promise<{ shop: Shop; ids: string[]; page: string }> {
  const shop = await makeShop(sh('greet', 'local', 'echo hello', 'prints "hello"'));
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(await record(shop, i, eventsOfEveryKind('hello\n')));
  return { shop, ids, page: join(shop.directory, 'runbook.md') };
}

async function record({ home }: Shop, day: number, events: Event[]): Promise<string> {
  const journal = await createJournal(home, new Date(Date.UTC(2026, 2, 1 + day, 2)));
  for (const event of events)
    await journal.append(event.type === 'run-started' ? { ...event, id: journal.id } : event);
  await journal.close();
  return journal.id;
}

const prune = async (page: string, options: Partial<PruneOptions> = {}) => {
  const printed: string[] = [];
  await pruneRuns(page, { dryRun: false, ...options }, (line) => printed.push(line));
  return printed;
};
const left = ({ home }: Shop) => readdir(join(home, 'runs')).then((names) => names.sort());

describe('the runs are listed', () => {
  it('with how they ended, their size and what they were of, and one that cannot be read as such', async () => {
    const { shop, ids } = await withRuns(2);
    await writeFile(join(shop.home, 'runs', ids[0] ?? '', 'journal.jsonl'), 'nothing\n');
    const ended = await start(shop, 'runs');
    await expectGolden(
      'golden/runs.txt',
      {
        ...ended,
        stdout: ended.stdout.replaceAll(/\d+(\.\d)? (B|KB)/g, '<size>').replaceAll(/ {2,}/g, '  '),
      },
      { here: shop.directory },
    );
  });

  it('as JSON', async () => {
    const { shop, ids } = await withRuns(1);
    const printed: string[] = [];
    await listRuns(
      shop.home,
      'json',
      (line) => printed.push(line),
      () => undefined,
    );
    const { runs, bytes } = JSON.parse(printed.join('\n'));
    expect(runs).toMatchObject([
      {
        id: ids[0],
        kind: 'rehearsal',
        procedure: 'main',
        status: 'failed',
        blocks: 2,
        blocks_passed: 1,
        bytes,
      },
    ]);
    expect(bytes).toBeGreaterThan(1000);
  });

  it('nothing is read beyond a link, and a journal that is no file keeps nobody waiting', async () => {
    const { shop, ids } = await withRuns(1);
    const elsewhere = await temporaryDirectory();
    await writeFile(
      join(elsewhere, 'journal.jsonl'),
      await readFile(join(shop.home, 'last', 'journal.jsonl')),
    );
    await symlink(elsewhere, join(shop.home, 'runs', '20260401-020000-aaaa'));
    await mkdir(join(shop.home, 'runs', '20260402-020000-aaaa'));
    execFileSync('mkfifo', [join(shop.home, 'runs', '20260402-020000-aaaa', 'journal.jsonl')]);
    const printed: string[] = [];
    await listRuns(
      shop.home,
      'text',
      (line) => printed.push(line),
      () => undefined,
    );
    expect(printed[0]).toMatch(/^20260402-020000-aaaa {2}unreadable .* its journal is no file$/);
    expect(printed[1]).toMatch(/^20260401-020000-aaaa {2}unreadable .* it is no directory, and nothing was/);
    expect(printed[2]).toContain(ids[0]);
    await prune(join(shop.directory, 'runbook.md'), { keep: 0 });
    expect(existsSync(join(elsewhere, 'journal.jsonl'))).toBe(true);
  });
});

describe('runs are pruned', () => {
  it('all but the ten newest, or as many as one says, and each is told with why it stays', async () => {
    const { shop, ids, page } = await withRuns(12);
    const all = await prune(page, { dryRun: true });
    expect(all.at(-1)).toMatch(/^would remove 2 runs, .*; kept 10 runs, /);
    expect(await left(shop)).toEqual(ids);
    const said = await prune(page, { keep: 3 });
    expect(said.slice(0, 4)).toEqual([
      `kept ${ids[11]}: it is the newest`,
      `kept ${ids[10]}: it is among the 3 newest`,
      `kept ${ids[9]}: it is among the 3 newest`,
      expect.stringMatching(`^removed ${ids[8]}: rehearsal of main, .* KB$`),
    ]);
    expect(await left(shop)).toEqual(ids.slice(9));
  });

  it('only what is old enough', async () => {
    const { shop, ids, page } = await withRuns(2);
    const young = eventsOfEveryKind('').map((event) => ({ ...event, at: new Date().toISOString() }));
    ids.push(await record(shop, 2, young), await record(shop, 3, young));
    expect((await prune(page, { olderThanMs: 7 * 24 * 3_600_000 })).slice(0, 2)).toEqual([
      `kept ${ids[3]}: it is the newest`,
      `kept ${ids[2]}: it is not old enough`,
    ]);
    expect(await left(shop)).toEqual(ids.slice(2));
  });

  it('never the newest rehearsal that vouches for the page as it is', async () => {
    const { shop, page } = await withRuns(0);
    const bytes = await bytesOf(await readDocument(page));
    const passed = eventsOfEveryKind('').map((event): Event => {
      if (event.type === 'run-started') return { ...event, bytes };
      return event.type === 'run-finished' ? { ...event, status: 'passed' } : event;
    });
    const ids = [await record(shop, 0, passed), await record(shop, 1, passed)];
    ids.push(await record(shop, 2, eventsOfEveryKind('')));
    expect(await prune(page, { keep: 0 })).toContain(`kept ${ids[1]}: it vouches for the page as it is`);
    expect(await left(shop)).toEqual(ids.slice(1));
  });

  it('never what blocks of a real run left in its directory, which its page and its reports are none of', async () => {
    const { shop, page } = await withRuns(0);
    const onHost = eventsOfEveryKind('').map((event): Event => {
      if (event.type === 'run-started') return { ...event, target: { ...event.target, kind: 'host' } };
      return event.type === 'run-finished' ? { ...event, status: 'passed' } : event;
    });
    const ids: string[] = [];
    for (const day of [0, 1, 2]) ids.push(await record(shop, day, onHost));
    const leave = (id: string | undefined, ...names: string[]) =>
      Promise.all(names.map((name) => writeFile(join(shop.home, 'runs', id ?? '', name), '')));
    await leave(ids[0], 'page.md', 'report.json', 'report.html');
    await leave(ids[1], 'page.md', 'x.dump');
    expect(await prune(page, { keep: 0 })).toContain(
      `kept ${ids[1]}: its blocks left files in its directory: x.dump`,
    );
    expect(await left(shop)).toEqual(ids.slice(1));
  });

  it('nothing where the page cannot be read, or the directory of runs leads elsewhere', async () => {
    const { shop, ids, page } = await withRuns(2);
    await expect(prune(join(shop.directory, 'other.md'), { keep: 0 })).rejects.toThrow(
      'there is no such file',
    );
    const other = await makeShop(sh('greet', 'local', 'true'));
    await mkdir(other.home);
    await symlink(join(shop.home, 'runs'), join(other.home, 'runs'));
    await expect(prune(join(other.directory, 'runbook.md'), { keep: 0 })).rejects.toThrow('is a link');
    expect(await left(shop)).toEqual(ids);
    expect(page).toContain(shop.directory);
  });

  it('by the command, whose words are refused where they mean nothing', async () => {
    const { shop, ids } = await withRuns(2);
    expect(await start(shop, 'runs', '--keep', '1', '--dry-run')).toMatchObject({
      exitCode: 2,
      stderr: '--keep, --dry-run is for --prune: say that, too',
    });
    expect((await start(shop, 'runs', '--prune', '--older-than', 'soon')).stderr).toContain(
      'write 7d or 12h',
    );
    expect((await start(shop, 'runs', '--prune', '--keep', '-1')).stderr).toContain('write 10');
    expect(await start(shop, 'runs', '--prune', '--older-than', '1d')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await left(shop)).toEqual(ids.slice(1));
  });
});
