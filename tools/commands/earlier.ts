import type { Document } from '../document/document.ts';
import type { Earlier } from '../journal/earlier.ts';
import type { LeftVariables } from '../journal/exported.ts';
import { JournalError } from '../journal/journal.ts';
import type { Journals } from '../journal/journals.ts';
import { lineage } from '../journal/lineage.ts';
import { earlierRuns } from '../journal/resume.ts';
import { showAge } from '../text/duration.ts';
import { stepOf } from '../text/step.ts';
import { CommandError, EXIT } from './exit.ts';

/** What happened on a host before a run. */
export interface Before {
  /** The run to go on from; null for one that begins anew. */
  resumed: Earlier | null;
  /** Runs that have written on the host since that one, the newest first. */
  since: Earlier[];
  /** The newest run, where it has not passed. */
  unfinished: Earlier | null;
  /** What earlier runs left for this one. */
  left: LeftVariables;
}

/** What is asked for: false for a run that begins anew, true for the newest of its procedure, or the id of one. */
export type Resume = boolean | string;

/**
 * What happened on a host before a run of a procedure there. Throws CommandError where what is asked for cannot be
 * resumed, or where a journal cannot be read.
 */
export async function whatWasBefore(
  journals: Journals,
  host: string,
  document: Document,
  { procedure, resume }: { procedure: string; resume: Resume },
): Promise<Before> {
  const runs = await earlierRuns(journals, host).catch((error: unknown) => {
    throw error instanceof JournalError ? new CommandError(EXIT.refused, error.message) : error;
  });
  const resumed = resume === false ? null : resumable(runs, { procedure, resume, host });
  const chain = resumed ? lineage(resumed, runs) : [];
  const newest = runs[0];
  return {
    resumed,
    since: resumed ? runs.slice(0, runs.indexOf(resumed)).filter(({ wrote }) => wrote) : [],
    unfinished: newest && newest.status !== 'passed' ? newest : null,
    left: leftBy(runs, resumed, chain, document),
  };
}

interface Asked {
  procedure: string;
  resume: Resume;
  host: string;
}

function resumable(runs: Earlier[], { procedure, resume, host }: Asked): Earlier {
  if (typeof resume === 'string') return runNamed(runs, resume, procedure, host);
  const newest = runs.find((run) => run.procedure === procedure);
  if (newest && newest.status !== 'passed') return newest;
  // The tool may have been killed between its last event and its last word: then nothing is left to be done.
  const last = newest ? `the newest, ${inWords(newest)}` : 'none is recorded here';
  throw new CommandError(
    EXIT.refused,
    `there is no unfinished run of ${procedure} on ${host} to resume: ${last}`,
  );
}

function runNamed(runs: Earlier[], id: string, procedure: string, host: string): Earlier {
  const found = runs.filter((run) => run.id.startsWith(id));
  const [run] = found;
  const refuse = (what: string) => {
    const there = runs.filter((one) => one.status !== 'passed' && !successor(one, runs)).map(inWords);
    const remedy = there.length > 0 ? `there is ${there.join(', ')}` : 'there is none that can be resumed';
    return new CommandError(EXIT.refused, `${what}: ${remedy}`);
  };
  if (!run) throw refuse(`there is no run ${id} on ${host}`);
  if (found.length > 1) throw refuse(`${id} is the beginning of ${found.length} runs`);
  if (run.status === 'passed') throw refuse(`run ${run.id} has passed`);
  if (run.procedure !== procedure)
    throw refuse(`run ${run.id} is one of ${run.procedure}, not of ${procedure}`);
  const next = successor(run, runs);
  if (next) throw refuse(`run ${run.id} has been gone on with by run ${next.id}`);
  return run;
}

const successor = ({ id }: Earlier, runs: Earlier[]) => runs.find(({ resumes }) => resumes === id);

/** A run for a person: `20260301-020000-abcd (main, failed, 14 minutes ago)`. */
export const inWords = ({ id, procedure, status, startedAt }: Earlier): string =>
  `${id} (${procedure}, ${status ?? 'without an end'}, ${showAge(Date.now() - Date.parse(startedAt))})`;

/** The value last seen counts, but what the resumed run itself left comes before anything. */
function leftBy(
  runs: Earlier[],
  resumed: Earlier | null,
  chain: Earlier[],
  document: Document,
): LeftVariables {
  const others = runs.filter((run) => !chain.includes(run) && isWhole(run, document)).reverse();
  return Object.assign({}, ...others.map(({ left }) => left), resumed?.variables);
}

/** Whether a run of one block was of all that its step does: what is left of a part of one is not proved. */
function isWhole({ procedure, blocks: ran }: Earlier, { blocks }: Document): boolean {
  const only = ran.filter(({ removed }) => !removed);
  const alone = only.length === 1 ? blocks.find(({ name }) => name === procedure) : undefined;
  if (!alone) return true;
  const step = stepOf(alone.section.path);
  return blocks.every((one) => one === alone || one.excludeFromRunAll || stepOf(one.section.path) !== step);
}
