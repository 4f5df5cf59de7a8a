import { runDirectories } from '../journal/journal.ts';
import { type RecordedRun, recordedRun } from '../journal/recorded.ts';
import { printable } from '../report/style.ts';
import { count } from '../text/count.ts';
import { showAge } from '../text/duration.ts';
import { runsOf } from '../text/home.ts';
import { showSize } from '../text/size.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import type { RunsFormat } from './formats.ts';

/** Prints the runs below a home (`.runbook`), the newest first, and what they take of the disk. */
export async function listRuns(
  home: string,
  format: RunsFormat,
  print: (line: string) => void,
  tell: (line: string) => void,
): Promise<ExitStatus> {
  const runs = (await readRuns(home)).reverse();
  if (format === 'json') print(JSON.stringify({ runs: runs.map(asJson), bytes: sizeOf(runs) }, null, 2));
  else {
    for (const line of lines(runs, new Date())) print(line);
    if (runs.length === 0) tell(`there is no run in ${runsOf(home)}`);
  }
  return EXIT.passed;
}

/** The runs below a home, the oldest first: one by one, as journals can be long. */
export async function readRuns(home: string): Promise<RecordedRun[]> {
  const runs: RecordedRun[] = [];
  for (const directory of await runDirectories(home)) runs.push(await recordedRun(directory));
  return runs;
}

export const sizeOf = (runs: readonly RecordedRun[]): number =>
  runs.reduce((sum, { bytes }) => sum + bytes, 0);

/** How a run ended, in a word. */
const statusOf = ({ read }: RecordedRun): string => (read ? (read.end?.status ?? 'no end') : 'unreadable');

/** What a run was of: `rehearsal of main`, `main on nas`. */
export function describeRun({ read, problem }: RecordedRun): string {
  if (!read) return printable(problem ?? '');
  const { target, procedure, part } = read.started;
  const what = part ? `a part of ${procedure}` : procedure;
  return printable(target.kind === 'host' ? `${what} on ${target.name}` : `rehearsal of ${what}`);
}

function lines(runs: RecordedRun[], now: Date): string[] {
  const rows = runs.map((run) => [
    run.id,
    statusOf(run),
    run.read ? `${run.read.blocksPassed}/${run.read.blocks}` : '',
    showSize(run.bytes),
    run.read ? showAge(now.getTime() - Date.parse(run.read.started.at)) : '',
    describeRun(run),
  ]);
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  return [
    ...rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')),
    ...(rows.length > 0 ? [`${count(runs.length, 'run')}, ${showSize(sizeOf(runs))}`] : []),
  ];
}

const asJson = ({ id, bytes, read, problem }: RecordedRun) => ({
  id,
  bytes,
  problem,
  kind: read && (read.started.target.kind === 'host' ? 'run' : 'rehearsal'),
  target: read?.started.target.name ?? null,
  procedure: read?.started.procedure ?? null,
  part: read?.started.part ?? false,
  status: read?.end?.status ?? null,
  started_at: read?.started.at ?? null,
  finished_at: read?.end?.at ?? null,
  blocks: read?.blocks ?? null,
  blocks_passed: read?.blocksPassed ?? null,
});
