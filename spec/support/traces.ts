import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from '../../tools/journal/journal.ts';
import { foldReport } from '../../tools/report/report.ts';
import type { SpecHost } from './host.ts';

/** The section of these blocks. */
export const step = (...blocks: string[][]) => ['## Step 1: Go', '', ...blocks.flat()];

/** Each run of a block leaves a mark on the host: what ran, and how often, is then told by the host itself. */
export const marking = (name: string, ...then: string[]) => [`echo ${name} >> marks`, ...then].join('\n');

/** What runs leave on a host and beside their runbook, and what a spec leaves there. `host` is asked when a test runs. */
export function tracesOn(host: () => SpecHost) {
  const read = (name: string) => readFile(join(host().directory, name), 'utf8').catch(() => '');
  const runs = async () => (await readdir(join(host().here, '.runbook', 'runs')).catch(() => [])).sort();
  const newest = async () => join(host().here, '.runbook', 'runs', (await runs()).at(-1) ?? '');
  return {
    /** A file of the project's directory there; empty where there is none. */
    read,
    /** The blocks that ran, in order. */
    marks: async () => (await read('marks')).split('\n').filter(Boolean),
    /** Makes an empty file in the project's directory. */
    leave: (name: string) => writeFile(join(host().directory, name), ''),
    /** The ids of all runs, the oldest first. */
    runs,
    /** The directory of the newest run. */
    newest,
    report: async () => foldReport(await readJournal(await newest())),
    /** Runs the main procedure to its end. */
    run: (...words: string[]) => host().start('main', '--yes', ...words).ended,
    /** Removes every run and, in the project's directory, these files. */
    async clear(...names: string[]) {
      await rm(join(host().here, '.runbook'), { recursive: true, force: true });
      for (const name of names) await rm(join(host().directory, name), { force: true });
    },
  };
}
