import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { HostAddress } from '../document/host-address.ts';
import { expectationTexts } from '../outcome/judge.ts';
import {
  type HostFacts,
  makePlan,
  type Plan,
  type Planned,
  type PlannedStep,
  procedures,
} from '../plan/plan.ts';
import { makeRehearsal } from '../plan/rehearsal.ts';
import { printable } from '../report/style.ts';
import { showDuration } from '../text/duration.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { requireHost } from './hosts.ts';
import { problemLines, readSoundDocument } from './read.ts';

/** What `--on` calls a fresh replica. */
const REPLICA = 'replica';

export interface PlanOptions {
  procedure: string | null;
  /** `replica`, or the name of a host in the front matter. */
  on: string;
}

/** Prints what would run, where, with budgets and effects; touches nothing. */
export async function plan(
  path: string,
  options: PlanOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const document = await readSoundDocument(path);
  const isReplica = options.on === REPLICA;
  const facts: HostFacts = {
    name: options.on,
    kind: isReplica ? 'embedded' : 'host',
    hostNames: hostNames(document.frontMatter),
    services: null,
    terminal: true,
  };
  const address = isReplica ? null : requireHost(document, options.on);
  const make = isReplica ? makeRehearsal : makePlan;
  const planned = orThrow(document, make(document, options.procedure, facts));
  const variables = {
    ...document.frontMatter.variables,
    ...(isReplica ? document.frontMatter.replica?.variables : {}),
  };
  for (const line of planLines(planned, document, address, variables)) print(printable(line));
  return EXIT.passed;
}

/** The plan that was made. Throws CommandError with every obstacle where none could be. */
export function orThrow(document: Document, planned: Planned): Plan {
  if ('plan' in planned) return planned.plan;
  throw new CommandError(EXIT.refused, problemLines(document.path, planned.problems).join('\n'));
}

function planLines(
  plan: Plan,
  document: Document,
  address: HostAddress | null,
  variables: Record<string, string>,
): string[] {
  const where = address ? `${address.name}, ${address.directory}` : 'a replica';
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
