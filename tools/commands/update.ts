import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import type { Event } from '../journal/event.ts';
import { finishedBlocks } from '../journal/finished.ts';
import { readJournal } from '../journal/journal.ts';
import { type Ran, type Rewriting, rewrite } from '../outcome/rewrite.ts';
import { sourceOf } from '../outcome/source.ts';
import { homeOf } from '../perform.ts';
import { blockSteps, type Plan } from '../plan/plan.ts';
import type { RunReport } from '../report/report.ts';
import { printable } from '../report/style.ts';
import { applyEdits, showEdits } from '../text/edit.ts';
import { runDirectory } from '../text/home.ts';
import { confirmed, type Person } from './ask.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { writeDocument } from './write.ts';

/** Whether the diff is taken without being asked about, and who could be asked. */
export interface Asking {
  yes: boolean;
  person: Person;
}

/**
 * Makes the document say what a run has seen that came to its end, shows how, and asks. Gives the status of the run, or,
 * where all that differed has been rewritten, the status of one that passed. What is written is what the journal holds,
 * with its secrets masked. Throws CommandError where the file has changed since, and is left as it is.
 */
export async function updateDocument(
  document: Document,
  plan: Plan,
  { id }: RunReport,
  status: ExitStatus,
  { yes, person }: Asking,
  say: (line: string) => void,
): Promise<ExitStatus> {
  if (status === EXIT.passed) return status;
  const ran = ranIn(plan, await readJournal(runDirectory(homeOf(document), id)));
  if (!ran) {
    say('nothing is rewritten, as the run did not come to its end');
    return status;
  }
  const bytes = await readFile(resolve(document.path));
  const { edits, left } = rewrite(bytes, document, ran, (changed) =>
    parseDocument(document.path, changed, HOST_KINDS),
  );
  for (const line of showEdits(document.path, sourceOf(bytes).text, edits)) say(line);
  for (const one of left) say(`${document.path}:${one.line}: ${leftWords(one)}`);
  if (edits.length === 0) return status;
  if (!yes && !(await confirmed(`Rewrite ${document.path} so?`, person))) {
    say('nothing was written');
    return status;
  }
  await writeDocument(document, applyEdits(sourceOf(bytes).text, edits));
  say(`${document.path} is rewritten: rehearse it again before a run`);
  return left.length === 0 ? EXIT.passed : status;
}

function leftWords({ text, printed }: Rewriting['left'][number]): string {
  if (printed === undefined) return `“${text}” has no one right remedy, and is left as it is`;
  const found = printed === null ? 'no line that it fits was printed' : `“${printable(printed)}” was printed`;
  return `“${text}” is a pattern that no number mends, and is left as it is, with its fence: ${found}`;
}

/** The blocks of a plan with what they gave; null where one of them did not run, or not to an end that is foreseen. */
function ranIn({ steps }: Plan, events: Event[]): Ran[] | null {
  const finished = finishedBlocks(events);
  const ran: Ran[] = [];
  for (const { name, block } of blockSteps(steps)) {
    const event = finished.get(name);
    if (!event?.output || event.outcome.why !== null) return null;
    ran.push({ block, output: event.output, outcome: event.outcome });
  }
  return ran;
}
