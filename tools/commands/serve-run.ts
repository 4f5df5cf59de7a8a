import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import type { RunStarted } from '../journal/event.ts';
import { openJournals } from '../journal/journals.ts';
import { openNotebook } from '../notebook/notebook.ts';
import { serveNotebook } from '../notebook/server.ts';
import type { Screen } from '../report/screen.ts';
import { pageIn } from '../text/home.ts';
import type { Person } from './ask.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { directoryOf } from './report.ts';

/**
 * Shows the page of a run that is over in a browser, where its rows can be sorted and searched. Throws CommandError where
 * there is no such run, or its page was not kept, and JournalError where its journal has been damaged.
 */
export async function serveRun(
  home: string,
  id: string | null,
  screen: Screen,
  { interrupted }: Person,
): Promise<ExitStatus> {
  const directory = await directoryOf(home, id);
  const events = await openJournals(home).read(directory);
  const [{ runbook, procedure, id: run }] = events as [RunStarted];
  const bytes = await readFile(pageIn(directory)).catch(() => {
    throw new CommandError(
      EXIT.refused,
      `the page of the run ${run} was not kept: \`report ${run} --format html\` has its blocks`,
    );
  });
  const notebook = openNotebook(parseDocument(runbook.path, bytes, HOST_KINDS), [], false);
  notebook.begin(`${procedure}, run ${run}`);
  for (const event of events) notebook.take(event);
  notebook.rest();
  const server = await serveNotebook({ notebook, offer: null, wish: async () => 'This run is over.' });
  try {
    screen.write(`run ${run} is open at ${server.url}\n`);
    if (!interrupted.aborted) await once(interrupted, 'abort');
  } finally {
    await server.close();
  }
  return EXIT.interrupted;
}
