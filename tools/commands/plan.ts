import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { HostAddress } from '../document/host-address.ts';
import { type Journals, openJournals } from '../journal/journals.ts';
import { expectationTexts } from '../outcome/judge.ts';
import type { Expected } from '../plan/forecast.ts';
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
import { showReceipt } from '../report/vouched.ts';
import { showDuration } from '../text/duration.ts';
import { homeIn } from '../text/home.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { requireHost } from './hosts.ts';
import { problemLines } from './page.ts';
import { readSoundDocument } from './read.ts';
import { receiptOf, showExpected, type VouchedFor, vouchedFor } from './vouched.ts';

/** What `--on` calls a fresh replica. */
const REPLICA = 'replica';

export interface PlanOptions {
  procedure: string | null;
  /** `replica`, or the name of a host in the front matter. */
  on: string;
}

/** Prints what would run, where, with budgets, effects and what vouches for it; of a host, also what answers there. */
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
  const journals = openJournals(homeIn(dirname(resolve(path))));
  const vouched = await vouchedFor(document, planned, journals);
  const expected = showExpected(vouched, planned);
  const notes = [
    ...(address ? await hostNotes(document, planned, address, journals, vouched) : []),
    ...(expected ? [expected] : []),
  ];
  const shown = { ...vouched, notes };
  for (const line of planLines(planned, document, address, variables, shown)) print(printable(line));
  return EXIT.passed;
}

/** The plan that was made. Throws CommandError with every obstacle where none could be. */
export function orThrow(document: Document, planned: Planned): Plan {
  if ('plan' in planned) return planned.plan;
  throw new CommandError(EXIT.refused, problemLines(document.path, planned.problems).join('\n'));
}

/** What answers at the host, and which rehearsal vouches for the plan. */
async function hostNotes(
  document: Document,
  plan: Plan,
  address: HostAddress,
  journals: Journals,
  { bytes }: VouchedFor,
): Promise<string[]> {
  // Whoever plans for a replica loads no host.
  const { boundTo } = await import('./bound.ts');
  const found = await receiptOf(document, plan, journals, bytes);
  const vouching =
    'why' in found ? `not rehearsed as it is now: ${found.why}` : showReceipt(found.receipt, Date.now());
  return [await boundTo(document, address), vouching];
}

function planLines(
  plan: Plan,
  document: Document,
  address: HostAddress | null,
  variables: Record<string, string>,
  { expected_ms, notes }: { expected_ms: Expected; notes: string[] },
): string[] {
  const where = address ? `${address.name}, ${address.directory}` : 'a replica';
  const lines = [`${document.path}: ${plan.procedure}, on ${where}`];
  lines.push(...notes.map((note) => `  ${note}`));
  if (plan.needs) lines.push(`  ${plan.needs}`);
  for (const [name, value] of Object.entries(variables)) lines.push(`  ${name}=${value}`);
  let heading = '';
  for (const step of plan.steps) {
    const { section } = step.kind === 'block' ? step.block : step.item;
    if (section.heading !== heading) lines.push('', section.heading);
    heading = section.heading;
    lines.push(...stepLines(step, address !== null, expected_ms));
  }
  const others = procedures(document).filter((name) => name !== plan.procedure);
  return [...lines, '', `other procedures: ${others.join(', ') || 'none'}`];
}

function stepLines(step: PlannedStep, isReal: boolean, expected_ms: Expected): string[] {
  if (step.kind === 'question') return [`  ask: ${step.item.text}`];
  const { on, effect, budgetMs, text, line, expectations, done } = step.block;
  const budget = budgetMs ? `, ${budgetMs.map(showDuration).join(' to ')}` : '';
  const took = expected_ms[step.name];
  const rehearsed = took === undefined ? '' : `, took ${showDuration(took)}`;
  const code = text
    .trimEnd()
    .split('\n')
    .map((one) => `      ${one}`);
  const expected = expectations.flatMap(expectationTexts);
  return [
    `  ${step.name}: line ${line}, on ${on}, ${effect}${budget}${rehearsed}${done === null ? '' : `, done by ${done}`}`,
    ...(isReal && effect === 'destroys'
      ? [`    ! gate: somebody types its name before, or the run is given --allow ${step.name}`]
      : []),
    ...code,
    ...expected.map((one) => `    = ${one.text}`),
  ];
}
