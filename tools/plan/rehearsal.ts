import type { Document } from '../document/document.ts';
import { problems } from '../document/problems.ts';
import {
  forHost,
  type HostFacts,
  isMain,
  mainSteps,
  makePlan,
  noSuchProcedure,
  type Planned,
  type PlannedStep,
  partOf,
  procedures,
  stepsOf,
  stepsWithin,
} from './plan.ts';

/**
 * The plan for a procedure on a fresh replica, where nothing has run yet, and so with all that comes before it: a part
 * of main behind the steps above it, and anything else behind main; a block also behind the ones above it in its
 * section.
 */
export function makeRehearsal(document: Document, procedure: string | null, facts: HostFacts): Planned {
  const asked = stepsOf(document, procedure ?? 'main');
  if (!asked) return { problems: [noSuchProcedure(document, procedure ?? 'main')] };
  const { sources, steps } = whatComesBefore(document, asked);
  const blocks = steps.filter(({ kind }) => kind === 'block').length;
  const count = `${blocks} block${blocks > 1 ? 's' : ''}`;
  const needs = `${procedure} needs what comes before it, which runs first: ${sources} (${count})`;
  const plan = { procedure: procedure ?? 'main', steps: numbered([...steps, ...asked]) };
  return forHost(blocks > 0 ? { ...plan, needs } : plan, facts);
}

/** The steps that lead to the ones asked for, and in words where they are from. */
function whatComesBefore(
  document: Document,
  asked: PlannedStep[],
): { sources: string; steps: PlannedStep[] } {
  const { section, line } = partOf(asked[0] as PlannedStep);
  const above = (steps: PlannedStep[]) => steps.filter((step) => partOf(step).line < line);
  const main = mainSteps(document);
  if (asked.every((step) => isMain(document, partOf(step).section))) {
    return { sources: 'main up to it', steps: above(main) };
  }
  const own = above(stepsWithin(document, section.path));
  const sources = [
    ...(main.length > 0 ? ['main'] : []),
    ...(own.length > 0 ? [`${section.path || 'the beginning'} up to it`] : []),
  ];
  return { sources: sources.join(', then '), steps: [...main, ...own] };
}

/**
 * One plan of several procedures on one replica, in the given order, e.g. main, a rollback, and main again.
 * Where the order leaves a procedure out, that is a problem: what is never rehearsed is never true.
 */
export function makeWholePlan(document: Document, given: string[], facts: HostFacts): Planned {
  const order = given.length > 0 ? given : inPageOrder(document);
  const plans = order.map((procedure) => makePlan(document, procedure, facts));
  const found = plans.flatMap((one) => ('problems' in one ? one.problems : []));
  const steps = order.flatMap((procedure) => stepsOf(document, procedure) ?? []);
  const planned = new Set(steps.map(partOf));
  for (const block of document.blocks) {
    if (planned.has(block) || block.excludeFromRunAll) continue;
    found.push(problems.neverRehearsed(block, block.name, block.section.path));
  }
  return found.length > 0 ? { problems: found } : { plan: { procedure: 'all', steps: numbered(steps) } };
}

/** Every procedure as the page has it; one that stands within another is run with that. */
function inPageOrder(document: Document): string[] {
  const all = procedures(document);
  return all.filter((one) => !all.some((other) => one.startsWith(`${other}/`)));
}

/** Gives each repetition of a block a name of its own: `-2`, `-3`, or the next that no other block has. */
function numbered(steps: PlannedStep[]): PlannedStep[] {
  const taken = new Set(steps.map((step) => (step.kind === 'block' ? step.name : '')));
  const seen = new Set<string>();
  return steps.map((step) => {
    if (step.kind === 'question') return step;
    const repeated = seen.has(step.name);
    seen.add(step.name);
    if (!repeated) return step;
    let count = 2;
    while (taken.has(`${step.name}-${count}`)) count++;
    taken.add(`${step.name}-${count}`);
    return { ...step, name: `${step.name}-${count}` };
  });
}
