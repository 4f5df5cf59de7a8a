import type { Block, ChecklistItem, Document } from '../document/document.ts';
import { nearest } from '../document/nearest.ts';
import type { Problem } from '../document/problem.ts';

/** What the planner must know of a target; it does not touch it. */
export interface TargetFacts {
  name: string;
  kind: 'embedded' | 'docker' | 'nas';
  /** The services of its compose file, where they are known. */
  services: string[] | null;
  /** Whether a person can be asked and shown an interactive block. */
  terminal: boolean;
}

/** What would run, in order, and nothing else. */
export interface Plan {
  /** `main`, or the path of the section, or the name of the block. */
  procedure: string;
  steps: PlannedStep[];
}

/**
 * A block to run, or a question to a person. `name` is the block's, with `-2` and so on where a plan runs it
 * again: events and reports know it by this.
 */
export type PlannedStep =
  | { kind: 'block'; block: Block; name: string }
  | { kind: 'question'; item: ChecklistItem };

/** The plan for a procedure on a target, or everything that stands against it. */
export function makePlan(
  document: Document,
  procedure: string | null,
  facts: TargetFacts,
): { plan: Plan } | { problems: Problem[] } {
  const found = procedure === null ? mainSteps(document) : stepsOf(document, procedure);
  if (!found) return { problems: [noSuchProcedure(document, procedure ?? 'main')] };
  const problems = found.steps.flatMap((step) => (step.kind === 'block' ? obstacles(step.block, facts) : []));
  return problems.length > 0 ? { problems } : { plan: found };
}

/**
 * One plan of several procedures on one replica, in the given order, e.g. main, a rollback, and main again.
 * Where the order leaves a procedure out, that is a problem: what is never rehearsed is never true.
 */
export function makeWholePlan(
  document: Document,
  order: string[],
  facts: TargetFacts,
): { plan: Plan } | { problems: Problem[] } {
  const plans = order.map((procedure) => makePlan(document, procedure, facts));
  const problems = plans.flatMap((one) => ('problems' in one ? one.problems : []));
  const steps = plans.flatMap((one) => ('plan' in one ? one.plan.steps : []));
  const planned = new Set(steps.map((step) => (step.kind === 'block' ? step.block : null)));
  for (const block of document.blocks) {
    if (planned.has(block) || block.excludeFromRunAll) continue;
    const { line, column } = block;
    const remedy = `add \`${block.section.path}\` to replica.order in the front matter`;
    problems.push({ rule: 'order', line, column, message: `no rehearsal runs \`${block.name}\``, remedy });
  }
  return problems.length > 0 ? { problems } : { plan: { procedure: 'all', steps: numbered(steps) } };
}

/** Gives each repetition of a block a name of its own. */
function numbered(steps: PlannedStep[]): PlannedStep[] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    if (step.kind === 'question') return step;
    const count = (seen.get(step.name) ?? 0) + 1;
    seen.set(step.name, count);
    return count === 1 ? step : { ...step, name: `${step.name}-${count}` };
  });
}

/**
 * The steps, and before them the checklists that stand before the first step: a gate is no use afterwards.
 */
function mainSteps(document: Document): Plan | null {
  const first = document.sections.find(({ step }) => step !== null);
  if (!first) return null;
  const inMain = (path: string, line: number) =>
    /^step-\d+(\/|$)/.test(path) ||
    (line < first.line && document.checks.some(({ section }) => section.path === path));
  const steps = collect(document, ({ section }) => inMain(section.path, section.line));
  return { procedure: 'main', steps: steps.filter(notExcluded) };
}

function stepsOf(document: Document, procedure: string): Plan | null {
  if (procedure === 'main') return mainSteps(document);
  const named = document.blocks.find(({ name }) => name === procedure);
  if (named) return { procedure, steps: [{ kind: 'block', block: named, name: named.name }] };
  const steps = collect(document, ({ section }) => isWithin(section.path, procedure)).filter(notExcluded);
  return steps.length > 0 ? { procedure, steps } : null;
}

const isWithin = (path: string, procedure: string) => path === procedure || path.startsWith(`${procedure}/`);

const notExcluded = (step: PlannedStep) => step.kind === 'question' || !step.block.excludeFromRunAll;

function collect(document: Document, wanted: (part: Block | ChecklistItem) => boolean): PlannedStep[] {
  const blocks = document.blocks.map((block): PlannedStep => ({ kind: 'block', block, name: block.name }));
  const questions = document.checks
    .filter(({ blocks }) => blocks.every(({ excludeFromRunAll }) => excludeFromRunAll))
    .map((item): PlannedStep => ({ kind: 'question', item }));
  return [...blocks, ...questions]
    .filter((step) => wanted(step.kind === 'block' ? step.block : step.item))
    .sort((a, b) => lineOf(a) - lineOf(b));
}

const lineOf = (step: PlannedStep) => (step.kind === 'block' ? step.block : step.item).line;

/** Every procedure of a document: `main`, and each other section that has blocks, by its path. */
export function procedures(document: Document): string[] {
  const main = new Set(
    mainSteps(document)?.steps.flatMap((step) => (step.kind === 'block' ? [step.block] : [])),
  );
  const paths = document.blocks
    .filter((block) => !main.has(block) && !block.excludeFromRunAll)
    .map(({ section }) => section.path);
  return [...(main.size > 0 ? ['main'] : []), ...new Set(paths)].filter((path) => path !== '');
}

function noSuchProcedure(document: Document, procedure: string): Problem {
  const known = procedures(document);
  const near = nearest(procedure, [...known, ...document.blocks.map(({ name }) => name)]);
  const remedy = near ? `did you mean \`${near}\`?` : `there are ${known.join(', ')}`;
  return { rule: 'procedure', line: 1, column: 1, message: `there is no procedure \`${procedure}\``, remedy };
}

function obstacles(block: Block, facts: TargetFacts): Problem[] {
  const problems: Problem[] = [];
  const add = (rule: string, message: string, remedy: string) =>
    problems.push({ rule, line: block.line, column: block.column, message, remedy });
  const places = ['local', 'nas', ...(facts.services ?? [])];
  if (facts.services && !places.includes(block.on)) {
    add('on', `${facts.name} has no service \`${block.on}\``, `\`on\` is one of ${places.join(', ')}`);
  }
  if (block.interactive && !facts.terminal) {
    add('interactive', `\`${block.name}\` is interactive and there is no terminal`, 'run it from a terminal');
  }
  return problems;
}
