import type { Document } from '../document/document.ts';
import { expectationTexts } from '../outcome/judge.ts';
import {
  makePlan,
  type Plan,
  type Planned,
  type PlannedStep,
  procedures,
  type TargetFacts,
} from '../plan/plan.ts';
import { makeRehearsal } from '../plan/rehearsal.ts';
import { printable } from '../report/style.ts';
import { showDuration } from '../text/duration.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { problemLines, readSoundDocument } from './read.ts';

export interface PlanOptions {
  procedure: string | null;
  on: string;
}

/** Prints what would run, where, with budgets and effects; touches nothing. */
export async function plan(
  path: string,
  options: PlanOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const document = await readSoundDocument(path);
  const facts: TargetFacts = {
    name: options.on,
    kind: options.on === 'nas' ? 'nas' : 'embedded',
    services: null,
    terminal: true,
  };
  if (options.on === 'nas') requireHost(document);
  const make = options.on === 'nas' ? makePlan : makeRehearsal;
  const planned = orThrow(document, make(document, options.procedure, facts));
  const variables = {
    ...document.frontMatter.variables,
    ...(options.on === 'nas' ? {} : document.frontMatter.replica?.variables),
  };
  for (const line of planLines(planned, document, options.on, variables)) print(printable(line));
  return EXIT.passed;
}

/** Throws CommandError where the front matter names no real host. */
function requireHost({ path, frontMatter }: Document): void {
  if (frontMatter.nas) return;
  const problem = {
    rule: 'front-matter',
    line: 1,
    column: 1,
    message: 'the front matter names no `nas`',
    remedy: 'write `nas: { ssh: user@host, directory: /where/compose.yaml/is }` into it',
  };
  throw new CommandError(EXIT.refused, problemLines(path, [problem]).join('\n'));
}

/** The plan that was made. Throws CommandError with every obstacle where none could be. */
export function orThrow(document: Document, planned: Planned): Plan {
  if ('plan' in planned) return planned.plan;
  throw new CommandError(EXIT.refused, problemLines(document.path, planned.problems).join('\n'));
}

function planLines(plan: Plan, document: Document, on: string, variables: Record<string, string>): string[] {
  const { nas } = document.frontMatter;
  const where = on === 'nas' && nas ? `${nas.ssh}, ${nas.directory}` : 'a replica';
  const lines = [`${document.path}: ${plan.procedure}, on ${where}`];
  if (plan.needs) lines.push(`  ${plan.needs}`);
  for (const [name, value] of Object.entries(variables)) lines.push(`  ${name}=${value}`);
  let heading = '';
  for (const step of plan.steps) {
    const { section } = step.kind === 'block' ? step.block : step.item;
    if (section.heading !== heading) lines.push('', section.heading);
    heading = section.heading;
    lines.push(...stepLines(step));
  }
  const others = procedures(document).filter((name) => name !== plan.procedure);
  return [...lines, '', `other procedures: ${others.join(', ') || 'none'}`];
}

function stepLines(step: PlannedStep): string[] {
  if (step.kind === 'question') return [`  ask: ${step.item.text}`];
  const { on, effect, budgetMs, text, line, expectations } = step.block;
  const budget = budgetMs ? `, ${budgetMs.map(showDuration).join(' to ')}` : '';
  const code = text
    .trimEnd()
    .split('\n')
    .map((one) => `      ${one}`);
  const expected = expectations.flatMap(expectationTexts);
  return [
    `  ${step.name}: line ${line}, on ${on}, ${effect}${budget}`,
    ...code,
    ...expected.map((one) => `    = ${one.text}`),
  ];
}
