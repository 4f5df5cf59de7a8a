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

/** A block to run, or a question to a person. */
export type PlannedStep = { kind: 'block'; block: Block } | { kind: 'question'; item: ChecklistItem };

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

/** The steps, and before them the checklists that stand before the first step: a gate is no use afterwards. */
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
  if (named) return { procedure, steps: [{ kind: 'block', block: named }] };
  const steps = collect(document, ({ section }) => isWithin(section.path, procedure)).filter(notExcluded);
  return steps.length > 0 ? { procedure, steps } : null;
}

const isWithin = (path: string, procedure: string) => path === procedure || path.startsWith(`${procedure}/`);

const notExcluded = (step: PlannedStep) => step.kind === 'question' || !step.block.excludeFromRunAll;

function collect(document: Document, wanted: (part: Block | ChecklistItem) => boolean): PlannedStep[] {
  const blocks = document.blocks.map((block): PlannedStep => ({ kind: 'block', block }));
  const questions = document.checks
    .filter(({ blocks }) => blocks.length === 0)
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
  const paths = document.blocks.filter((block) => !main.has(block)).map(({ section }) => section.path);
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
