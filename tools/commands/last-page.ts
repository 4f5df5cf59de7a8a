import type { Document } from '../document/document.ts';
import type { Host } from '../host/host.ts';
import { serviceStates } from '../host/services.ts';
import type { Event, RunStarted } from '../journal/event.ts';
import type { Journals } from '../journal/journals.ts';
import { chainOf } from '../journal/rehearsed.ts';
import type { Begun } from '../outcome/fact.ts';
import type { Plan } from '../plan/plan.ts';
import { waysBack } from '../plan/ways-back.ts';
import { nightOf } from '../report/down-before.ts';
import { downtimeOf } from '../report/downtime.ts';
import { downtimeLines, lastPage } from '../report/last-page.ts';
import { foldReport } from '../report/report.ts';
import { rehearsalReport } from '../report/whole.ts';
import { whatWasBefore } from './earlier.ts';
import { runCommandLine } from './refuse.ts';
import { type Beginning, makeBeginning, type Said } from './resume.ts';

export interface Ended {
  document: Document;
  plan: Plan;
  journals: Journals;
  host: Host;
  /** What was typed: what `--on` calls the host, and what would have to be said again. */
  said: Pick<Said, 'allow'> & { on: string; yes: boolean };
  /** Of the run, so far as they are known. */
  events: Event[];
  /** What earlier runs left. */
  variables: Record<string, string>;
}

/**
 * What the end of a real run tells besides its result, in lines: how long services were down, and where it has not
 * passed, the last page. The host is asked which services run, for ten seconds at most.
 */
export async function endLines(ended: Ended): Promise<string[]> {
  const { document, journals, host, said, events, variables } = ended;
  const { status, procedure, exports } = foldReport(events);
  const chain = await chainOf(journals, events);
  const down = downtimeOf(await nightOf(journals, chain));
  const rehearsal = await rehearsalReport(journals, events);
  const now = new Date().toISOString();
  if (status === 'passed') {
    const lines = downtimeLines(down, { rehearsal, now });
    return lines.length > 0 ? [`services were down: ${lines.join('; ')}`] : [];
  }
  const known = { ...document.frontMatter.variables, ...variables, ...exports };
  return lastPage(chain, {
    down,
    services: await serviceStates(host),
    goOn: await waysOn(ended),
    run: (other) => runCommandLine(document.path, { procedure: other, on: said.on }),
    ways: waysBack(document, known).filter((way) => way.procedure !== procedure),
    rehearsal,
    now,
  });
}

/** The command that goes on with a run, with all that must be said of blocks of which nothing else decides. */
async function waysOn(ended: Ended): Promise<string[]> {
  const { document, said, events } = ended;
  const { id, procedure, rehearsed } = events[0] as RunStarted;
  // Where journals cannot be read any more, the run says when it is resumed what must be said.
  const { open, gates, begun } = (await beginningAfter(ended).catch(() => null)) ?? NOTHING_KNOWN;
  const names = open.map(({ name }) => name);
  const allowed = gates.filter(({ name }) => said.allow.includes(name));
  const words = [
    ...names.flatMap((name) => ['--again', name]),
    ...allowed.flatMap(({ name }) => ['--allow', name]),
  ];
  const unrehearsed = rehearsed && 'reason' in rehearsed ? rehearsed.reason : undefined;
  const { on, yes } = said;
  return [
    runCommandLine(document.path, { procedure, on, resume: id, yes, words, unrehearsed }),
    ...names.map((name) => `  look first: where ${name} is done by now, say --done ${name} instead`),
    ...[...begun.keys()].map(
      (name) =>
        // Its name stands behind neither option: what is to be said is for whoever has looked, and may be copied from here.
        `  ${name} is looked up where it ran, and waited for; where that is gone for good, say what becomes of it with --done or --again`,
    ),
  ];
}

const NOTHING_KNOWN = { open: [], gates: [], begun: new Map<string, Begun>() };

/** What a run would begin with that went on from this one, with nothing said beforehand. */
async function beginningAfter({ document, plan, journals, events }: Ended): Promise<Beginning> {
  const { id, target, procedure } = events[0] as RunStarted;
  const before = await whatWasBefore(journals, target.name, document, { procedure, resume: id });
  return makeBeginning(plan, before, document, { again: [], done: [], allow: [], acceptChanges: false });
}
