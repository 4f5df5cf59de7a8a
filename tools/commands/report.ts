import { join } from 'node:path';
import { readJournal } from '../journal/journal.ts';
import { htmlReport } from '../report/html.ts';
import { junitReport } from '../report/junit.ts';
import { markdownReport } from '../report/markdown.ts';
import { foldReport, type RunReport } from '../report/report.ts';
import { EXIT, type ExitStatus } from './exit.ts';

export const REPORT_FORMATS = ['json', 'html', 'junit', 'markdown'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const WRITERS: Record<ReportFormat, (report: RunReport) => string> = {
  json: (report) => JSON.stringify(report, null, 2),
  html: htmlReport,
  junit: junitReport,
  markdown: markdownReport,
};

/** Prints a run's report, made from its journal. Without an id it is the newest run's. */
export async function report(
  home: string,
  id: string | null,
  format: ReportFormat,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const directory = id === null ? join(home, 'last') : join(home, 'runs', id);
  print(WRITERS[format](foldReport(await readJournal(directory))));
  return EXIT.passed;
}
