import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../tools/commands/formats.ts';
import { report } from '../../tools/commands/report.ts';
import type { Event } from '../../tools/journal/event.ts';
import { createJournal, JournalError } from '../../tools/journal/journal.ts';
import { eventsOfEveryKind } from '../support/events.ts';
import { expectGolden } from '../support/golden.ts';
import { makeShop, type Shop, start } from '../support/shop.ts';

/** A shop with one run, and that run's journal. */
async function withRun(events: Event[]): Promise<{ shop: Shop; id: string; file: string }> {
  const shop = await makeShop([]);
  const journal = await createJournal(shop.home, new Date('2026-03-01T02:00:00Z'));
  for (const event of events) await journal.append(event);
  await journal.close();
  return { shop, id: journal.id, file: join(journal.directory, 'journal.jsonl') };
}

describe('a report that is longer than a pipe holds', () => {
  it('comes whole', async () => {
    const text = 'a line that a block printed\n'.repeat(20_000);
    const { shop } = await withRun(eventsOfEveryKind(text));
    const { stdout, exitCode } = await start(shop, 'report', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ blocks: [{ stdout: text }, {}] });
  });

  it('ends with 0 also where its reader has seen enough', async () => {
    const { shop } = await withRun(eventsOfEveryKind('x'.repeat(500_000)));
    const child = start(shop, 'report');
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await child).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

it.each(REPORT_FORMATS)('a report as %s is all that it was', async (format) => {
  const { shop } = await withRun(eventsOfEveryKind('hello\n'));
  await expectGolden(`golden/report-${format}.txt`, await start(shop, 'report', '--format', format));
});

it('two runs are compared, in forms of their own', async () => {
  const { shop, id } = await withRun(eventsOfEveryKind('hello\n'));
  expect(await start(shop, 'report', id, id)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('no verdict is another'),
  });
  expect(await start(shop, 'report', id, id, '--format', 'html')).toMatchObject({
    exitCode: 2,
    stderr: '--format html: two runs can be written as text, markdown, json',
  });
  expect((await start(shop, 'report', id, '--format', 'text')).exitCode).toBe(2);
  expect((await start(shop, 'report', id, 'nosuch')).stderr).toContain('there is no run nosuch');
});

describe('a run that is not there', () => {
  it('is a word that was not meant: 2', async () => {
    const { shop, id } = await withRun(eventsOfEveryKind('hello\n'));
    const { stderr, exitCode } = await start(shop, 'report', 'nosuch');
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`there is no run nosuch in ${join(shop.home, 'runs')}: the newest is ${id}`);
    expect((await start(shop, 'report', `${id.slice(0, -1)}x`)).stderr).toContain(`did you mean ${id}?`);
    expect((await start(shop, 'report', `../runs/${id}`)).exitCode).toBe(2);
    expect((await start(shop, 'report', id)).exitCode).toBe(0);
  });

  it('as none is before the first', async () => {
    const { stderr, exitCode } = await start(await makeShop([]), 'report');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^there is no run in .*: `rehearse` makes one$/);
  });
});

describe('a damaged journal is one message, with its line', () => {
  it('for a person', async () => {
    const { shop, file } = await withRun(eventsOfEveryKind('hello\n'));
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [...lines.slice(0, 2), 'null', ...lines.slice(2)].join('\n'));
    const { stdout, stderr, exitCode } = await start(shop, 'report');
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/journal\.jsonl:3: this line is no event, so the journal has been damaged: .*$/);
    expect(stderr.split('\n')).toHaveLength(1);
  });

  it.each(['null', '{"type":', '[]', '"x"', '{"type":"block-finished"}', ''])(
    'whatever it is: %j',
    async (line) => {
      const { shop, file } = await withRun(eventsOfEveryKind('hello\n'));
      const lines = (await readFile(file, 'utf8')).split('\n');
      const read = () => report(shop.home, null, 'json', () => undefined);
      await writeFile(file, [...lines.slice(0, 2), line, ...lines.slice(2)].join('\n'));
      await expect(read()).rejects.toThrow(/journal\.jsonl:3: this line is no event/);
      await writeFile(file, [line, ...lines.slice(1)].join('\n'));
      await expect(read()).rejects.toThrow(JournalError);
    },
  );

  it('whatever has been lost or changed in an event, a report is made of it or refused', async () => {
    const events = eventsOfEveryKind('hello\n');
    const { shop, file } = await withRun(events);
    const unforeseen: string[] = [];
    for (const changed of events.flatMap((event, i) => spoiled(event).map((one) => events.with(i, one)))) {
      await writeFile(file, changed.map((event) => `${JSON.stringify(event)}\n`).join(''));
      for (const format of REPORT_FORMATS) {
        await report(shop.home, null, format, () => undefined).catch((error: Error) => {
          if (!(error instanceof JournalError)) unforeseen.push(`${format}: ${error.stack}`);
        });
      }
    }
    expect(unforeseen).toEqual([]);
  });
});

/** Copies of a value, in each of which one part at whatever depth is missing or another thing. */
function spoiled<T>(value: T): T[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    const part = value[key as keyof T];
    const others = [undefined, null, 7, 'x', [], {}, ...spoiled(part)];
    return others.map((other) =>
      Array.isArray(value) ? (value.with(Number(key), other) as T) : { ...value, [key]: other },
    );
  });
}
