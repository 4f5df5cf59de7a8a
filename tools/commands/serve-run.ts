import { once } from 'node:events';
import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import type { RunStarted } from '../journal/event.ts';
import { followJournal } from '../journal/follow.ts';
import { openNotebook, showFollowed } from '../notebook/notebook.ts';
import { serveNotebook } from '../notebook/server.ts';
import type { Screen } from '../report/screen.ts';
import { pageIn } from '../text/home.ts';
import type { Person } from './ask.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { directoryOf } from './report.ts';

/**
 * Shows the page of a run in a browser, where its rows can be sorted and searched; one that another process is at work on is
 * followed to its end. Throws CommandError where there is no such run, or its page was not kept, and JournalError where its
 * journal has been damaged.
 */
export async function serveRun(
  home: string,
  id: string | null,
  screen: Screen,
  { interrupted }: Person,
): Promise<ExitStatus> {
  // The link to the newest run may lead elsewhere in the next moment.
  const named = await directoryOf(home, id);
  const directory = await realpath(named).catch(() => named);
  const coming = followJournal(directory, interrupted);
  const first = await coming.next();
  if (first.done) return EXIT.interrupted;
  const [{ runbook }] = first.value.events as [RunStarted];
  const bytes = await readFile(pageIn(directory)).catch(() => {
    const run = basename(directory);
    throw new CommandError(
      EXIT.refused,
      `the page of the run ${run} was not kept: \`report ${run} --format html\` has its blocks`,
    );
  });
  const notebook = openNotebook(parseDocument(runbook.path, bytes, HOST_KINDS), [], false);
  showFollowed(notebook, first.value);
  const wish = async () => 'This run is another command’s, or over: it is only looked at.';
  const server = await serveNotebook({ notebook, home, offer: null, wish });
  try {
    screen.write(`run ${basename(directory)} is open at ${server.url}\n`);
    for await (const followed of coming) {
      showFollowed(notebook, followed);
      server.changed();
    }
    if (!interrupted.aborted) await once(interrupted, 'abort');
  } finally {
    await server.close();
  }
  return EXIT.interrupted;
}
