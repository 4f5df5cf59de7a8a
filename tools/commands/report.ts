import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { picturesOf } from '../journal/files.ts';
import { runDirectories } from '../journal/journal.ts';
import { openJournals } from '../journal/journals.ts';
import { htmlReport, type Kept } from '../report/html.ts';
import { junitReport } from '../report/junit.ts';
import { markdownReport } from '../report/markdown.ts';
import { foldReport, type RunReport } from '../report/report.ts';
import { printable } from '../report/style.ts';
import { compareRuns, type TwoRuns, twoRunsMarkdown, twoRunsText } from '../report/two-runs.ts';
import { wholeReport } from '../report/whole.ts';
import { lastRunOf, pageIn, runsOf } from '../text/home.ts';
import { nearest } from '../text/nearest.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import type { ReportFormat, TwoRunsFormat } from './formats.ts';

const WRITERS: Record<ReportFormat, (report: RunReport, kept: Kept) => string> = {
  json: (report) => JSON.stringify(report, null, 2),
  html: htmlReport,
  junit: junitReport,
  markdown: markdownReport,
};

/**
 * Prints a run's report, made from its journal. Without an id it is the newest run's. Throws CommandError where there is
 * no such run, and JournalError where its journal has been damaged.
 */
export async function report(
  home: string,
  id: string | null,
  format: ReportFormat,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const directory = await directoryOf(home, id);
  const journals = openJournals(home);
  const events = await journals.read(directory);
  const text = await readFile(pageIn(directory), 'utf8').catch(() => null);
  const kept = { text, events, pictures: format === 'html' ? await picturesOf(home, events) : new Map() };
  print(WRITERS[format](await wholeReport(journals, events), kept));
  return EXIT.passed;
}

const TWO_RUNS_WRITERS: Record<TwoRunsFormat, (found: TwoRuns, path: string) => string> = {
  text: (found, path) => printable(twoRunsText(found, path)),
  markdown: twoRunsMarkdown,
  json: (found) => JSON.stringify(found, null, 2),
};

/**
 * Prints what is another in the second of two runs. Throws CommandError where there is no such run, and JournalError where
 * a journal has been damaged.
 */
export async function reportTwo(
  home: string,
  ids: [string, string],
  format: TwoRunsFormat,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const journals = openJournals(home);
  const [first, second] = [await runNamed(home, ids[0]), await runNamed(home, ids[1])];
  const [before, after] = [foldReport(await journals.read(first)), foldReport(await journals.read(second))];
  const found = compareRuns(before, after);
  print(TWO_RUNS_WRITERS[format](found, after.runbook.path));
  return EXIT.passed;
}

/** The directory of a run, or of the newest. Throws CommandError where there is no such run. */
export const directoryOf = (home: string, id: string | null): Promise<string> =>
  id === null ? newest(home) : runNamed(home, id);

async function newest(home: string): Promise<string> {
  if ((await runDirectories(home)).length > 0) return lastRunOf(home);
  throw new CommandError(EXIT.refused, `there is no run in ${runsOf(home)} yet: \`rehearse\` makes one`);
}

async function runNamed(home: string, id: string): Promise<string> {
  const directories = await runDirectories(home);
  const found = directories.find((directory) => basename(directory) === id);
  if (found) return found;
  const ids = directories.map((directory) => basename(directory));
  const near = nearest(id, ids);
  const remedy = near ? `did you mean ${near}?` : `the newest is ${ids.at(-1) ?? 'none'}`;
  throw new CommandError(EXIT.refused, `there is no run ${id} in ${runsOf(home)}: ${remedy}`);
}
