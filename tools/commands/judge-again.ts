import type { Document } from '../document/document.ts';
import type { BlockFinished, Event } from '../journal/event.ts';
import { finishedBlocks } from '../journal/finished.ts';
import { judge, outcomeNotRun } from '../outcome/judge.ts';
import { type BlockStep, blockSteps, type Plan } from '../plan/plan.ts';

/** A document with the plan that is made of it. */
export interface Planned {
  document: Document;
  plan: Plan;
}

/** Whether both plans run the same blocks, in the same order: then they differ in no more than what is expected. */
export function runsTheSame(...both: [Planned, Planned]): boolean {
  const [one, other] = both.map(({ document, plan }) =>
    JSON.stringify([document.frontMatter, blockSteps(plan.steps).map(runsAs)]),
  );
  return one === other;
}

/** All that a block's run depends on; what is expected of it is none of that. */
const runsAs = ({ name, block: { key, timeoutMs, retryMs } }: BlockStep) =>
  JSON.stringify([name, key, timeoutMs, retryMs]);

/**
 * Judges what the blocks of a run gave by a plan that runs the same. Null where a run would now go another way: past the
 * block at which that one ended, or with other captured values for the blocks after them.
 */
export function judgedAgain(
  events: readonly Event[],
  { steps }: Plan,
  { examples }: { examples: boolean },
): BlockFinished[] | null {
  const finished = finishedBlocks(events);
  const blocks = blockSteps(steps);
  const before = blocks.flatMap(({ name }) => finished.get(name) ?? []);
  const judged = blocks.flatMap((step) => {
    const event = finished.get(step.name);
    return event ? [{ ...event, outcome: outcomeOf(step, event, examples) }] : [];
  });
  const ran = judged.filter(({ output }) => output !== null);
  const goesOn = ran.length < blocks.length && ran.every(({ outcome }) => outcome.why === null);
  return goesOn || capturesIn(before) !== capturesIn(judged) ? null : judged;
}

function outcomeOf({ block }: BlockStep, { output, outcome }: BlockFinished, examples: boolean) {
  if (output !== null) return judge(block, output, { examples });
  return outcome.status === 'not-run' ? outcomeNotRun(block, outcome.why?.message ?? '') : outcome;
}

const capturesIn = (events: BlockFinished[]) =>
  JSON.stringify(events.map(({ outcome }) => Object.entries(outcome.captured).sort()));
