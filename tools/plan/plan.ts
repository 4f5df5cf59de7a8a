import type { Block, ChecklistItem, Document, Section } from '../document/document.ts';
import type { Problem } from '../document/problem.ts';
import { problems } from '../document/problems.ts';
import { suggestion } from '../text/nearest.ts';

/** What the planner must know of a host; it does not touch it. */
export interface HostFacts {
  name: string;
  kind: 'embedded' | 'docker' | 'host';
  /** What `on=` may call the host. */
  hostNames: readonly string[];
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
  /** Where more runs than was asked for, or less than there is: what and why, in a sentence for the person. */
  needs?: string | undefined;
  /** Whether blocks were left out of what it is the plan of: then it vouches for nothing. */
  part?: boolean;
}

/** A plan, or everything that stands against it. */
export type Planned = { plan: Plan } | { problems: Problem[] };

/**
 * A block to run, or a question to a person. `name` is the block's, with `-2` and so on where a plan runs it
 * again: events and reports know it by this.
 */
export type PlannedStep =
  | { kind: 'block'; block: Block; name: string }
  | { kind: 'question'; item: ChecklistItem };

export type BlockStep = Extract<PlannedStep, { kind: 'block' }>;

/** The blocks that a plan runs, without its questions. */
export const blockSteps = (steps: readonly PlannedStep[]): BlockStep[] =>
  steps.filter((step): step is BlockStep => step.kind === 'block');

/** The plan for a procedure on a host: it and nothing else, as a real host needs it. */
export function makePlan(document: Document, procedure: string | null, facts: HostFacts): Planned {
  const steps = stepsOf(document, procedure ?? 'main');
  if (!steps) return { problems: [noSuchProcedure(document, procedure ?? 'main')] };
  return forHost({ procedure: procedure ?? 'main', steps }, facts);
}

/** The plan, where the host can run all of its blocks. */
export function forHost(plan: Plan, facts: HostFacts): Planned {
  const found = plan.steps.flatMap((step) => (step.kind === 'block' ? obstacles(step.block, facts) : []));
  return found.length > 0 ? { problems: found } : { plan };
}

/** The steps of a procedure in the order of the text, or null where there is no such procedure. */
export function stepsOf(document: Document, procedure: string): PlannedStep[] | null {
  const named = document.blocks.find(({ name }) => name === procedure);
  if (named && procedure !== 'main') return [{ kind: 'block', block: named, name: named.name }];
  const steps = procedure === 'main' ? mainSteps(document) : stepsWithin(document, procedure);
  return steps.length > 0 ? steps : null;
}

/** The main procedure; empty where the document has no steps. */
export const mainSteps = (document: Document) => collect(document, (section) => isMain(document, section));

/** Of the section of a path and the sections inside it. */
export const stepsWithin = (document: Document, path: string) =>
  collect(document, (section) => section.path === path || section.path.startsWith(`${path}/`));

/**
 * Whether a section belongs to the main procedure: the steps, and the checklists that stand before the first one, as
 * a gate is no use afterwards.
 */
export function isMain(document: Document, { path, line }: Section): boolean {
  const first = document.sections.find(({ step }) => step !== null);
  if (!first) return false;
  const isGate = line < first.line && document.checks.some(({ section }) => section.path === path);
  return isGate || /^step-\d+(\/|$)/.test(path);
}

/** What runs of the wanted sections where nothing in them was asked for by name. */
function collect(document: Document, wanted: (section: Section) => boolean): PlannedStep[] {
  const blocks = document.blocks
    .filter(({ excludeFromRunAll }) => !excludeFromRunAll)
    .map((block): PlannedStep => ({ kind: 'block', block, name: block.name }));
  const questions = document.checks
    .filter((item) => item.blocks.every(({ excludeFromRunAll }) => excludeFromRunAll))
    .map((item): PlannedStep => ({ kind: 'question', item }));
  return [...blocks, ...questions]
    .filter((step) => wanted(partOf(step).section))
    .sort((a, b) => partOf(a).line - partOf(b).line);
}

/** What of the document a step is. */
export const partOf = (step: PlannedStep): Block | ChecklistItem =>
  step.kind === 'block' ? step.block : step.item;

/** Every procedure of a document: `main`, and each other section that has blocks, by its path. */
export function procedures(document: Document): string[] {
  const sections = document.blocks
    .filter(({ excludeFromRunAll }) => !excludeFromRunAll)
    .map(({ section }) => section);
  const names = sections.map((section) => (isMain(document, section) ? 'main' : section.path));
  const main = names.filter((name) => name === 'main');
  return [...new Set([...main, ...names])].filter((path) => path !== '');
}

/** Names the nearest procedure or block, or all procedures; of a page without blocks it says so. */
export function noSuchProcedure(document: Document, procedure: string): Problem {
  if (document.blocks.length === 0) return problems.nothingToRun({ line: 1, column: 1 });
  const known = procedures(document);
  const names = [...known, ...document.blocks.map(({ name }) => name)];
  return problems.noSuchProcedure({ line: 1, column: 1 }, procedure, suggestion(procedure, known, names));
}

function obstacles(block: Block, { name, hostNames, services, terminal }: HostFacts): Problem[] {
  const places = ['local', ...hostNames, ...(services ?? [])];
  const isNowhere = services !== null && !places.includes(block.on);
  return [
    ...(isNowhere ? [problems.noSuchService(block, name, block.on, places.join(', '))] : []),
    ...(block.interactive && !terminal ? [problems.noTerminal(block, block.name)] : []),
  ];
}
