import type { Document } from '../document/document.ts';
import type { Host } from '../host/host.ts';
import { serviceStates } from '../host/services.ts';
import { readJournal } from '../journal/journal.ts';
import { chainOf } from '../journal/rehearsed.ts';
import { waysBack } from '../plan/ways-back.ts';
import { downtimeOf } from '../report/downtime.ts';
import { downtimeLines, lastPage } from '../report/last-page.ts';
import type { RunReport } from '../report/report.ts';
import { rehearsalReport } from '../report/whole.ts';
import { runDirectory } from '../text/home.ts';
import { quote } from '../text/quote.ts';

export interface Ended {
  document: Document;
  home: string;
  host: Host;
  /** What `--on` calls the host. */
  on: string;
  report: RunReport;
  /** What earlier runs left. */
  variables: Record<string, string>;
}

/**
 * What the end of a real run tells besides its result, in lines: how long services were down, and where it has not
 * passed, the last page. The host is asked which services run, for ten seconds at most.
 */
export async function endLines({ document, home, host, on, report, variables }: Ended): Promise<string[]> {
  const events = await readJournal(runDirectory(home, report.id));
  const chain = await chainOf(home, events);
  const rehearsal = await rehearsalReport(home, events);
  const now = new Date().toISOString();
  if (report.status === 'passed') {
    const lines = downtimeLines(downtimeOf(chain), { rehearsal, now });
    return lines.length > 0 ? [`services were down: ${lines.join('; ')}`] : [];
  }
  const run = (procedure: string) => commandOf(document.path, 'run', procedure, '--on', on);
  const known = { ...document.frontMatter.variables, ...variables, ...report.exports };
  return lastPage(chain, {
    services: await serviceStates(host),
    goOn: `${run(report.procedure)} --resume ${report.id}`,
    run,
    ways: waysBack(document, known).filter(({ procedure }) => procedure !== report.procedure),
    rehearsal,
    now,
  });
}

/** The words that call this tool again. */
function commandOf(path: string, ...words: string[]): string {
  const runbook = path === 'runbook.md' ? [] : ['--runbook', path];
  return ['npm run -s runbook --', ...[...runbook, ...words].map(quote)].join(' ');
}
