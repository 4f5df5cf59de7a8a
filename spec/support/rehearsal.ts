import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Event } from '../../tools/journal/event.ts';
import { readJournal } from '../../tools/journal/journal.ts';
import { foldReport, type RunReport } from '../../tools/report/report.ts';

/** A rehearsal as it was left on disk. */
export interface Rehearsal {
  status: number;
  stdout: string;
  events: Event[];
  report: RunReport;
  directory: string;
}

/** Rehearses as a person does, by the command, and reads what it left. Throws where it left no report. */
export async function rehearse(...options: string[]): Promise<Rehearsal> {
  const argv = ['tools/cli.ts', 'rehearse', ...options];
  const run = promisify(execFile)('node_modules/.bin/tsx', argv, { maxBuffer: 1e8 });
  const {
    stdout,
    stderr,
    code = 0,
  } = (await run.catch((error: { stdout: string; stderr: string; code: number }) => error)) as {
    stdout: string;
    stderr: string;
    code?: number;
  };
  const directory = /^report: (.+)$/m.exec(stdout)?.[1];
  if (!directory) throw new Error(`the rehearsal left no report:\n${stdout}${stderr}`);
  const events = await readJournal(directory);
  return { status: code, stdout, events, report: foldReport(events), directory: dirname(`${directory}/x`) };
}
