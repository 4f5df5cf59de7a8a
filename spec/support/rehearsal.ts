import { dirname } from 'node:path';
import type { Event } from '../../tools/journal/event.ts';
import { readJournal } from '../../tools/journal/journal.ts';
import { foldReport, type RunReport } from '../../tools/report/report.ts';
import { startTool } from './tool.ts';

/** A rehearsal as it was left on disk. */
export interface Rehearsal {
  status: number | undefined;
  stdout: string;
  events: Event[];
  report: RunReport;
  directory: string;
}

/** Rehearses as a person does, by the command, and reads what it left. Throws where it left no report. */
export async function rehearse(...options: string[]): Promise<Rehearsal> {
  const { stdout, stderr, exitCode: status } = await startTool(['rehearse', ...options]);
  const directory = /^report: (.+)$/m.exec(stdout)?.[1];
  if (!directory) throw new Error(`the rehearsal left no report:\n${stdout}${stderr}`);
  const events = await readJournal(directory);
  return { status, stdout, events, report: foldReport(events), directory: dirname(`${directory}/x`) };
}
