import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Document } from './document/document.ts';
import { hostNames } from './document/front-matter.ts';
import { type Executor, openExecutor } from './host/executor.ts';
import type { Host } from './host/host.ts';
import type { BlockFacts, Event, PhaseFinished, RunStarted } from './journal/event.ts';
import { exportsOf, variablesLeftBy } from './journal/exported.ts';
import { createJournal, type Journal, JournalError } from './journal/journal.ts';
import { maskEvent } from './journal/mask-event.ts';
import { makeSecrets, type Secrets } from './journal/secrets.ts';
import { expectationTexts } from './outcome/judge.ts';
import type { HostFacts, Plan } from './plan/plan.ts';
import { htmlReport } from './report/html.ts';
import type { RunReport } from './report/report.ts';
import { type Screen, type TerminalReport, terminalReport } from './report/terminal.ts';
import { wholeReport } from './report/whole.ts';
import { type RunOptions, run } from './run.ts';
import { homeIn, reportIn } from './text/home.ts';
import { orInterrupted } from './text/interruption.ts';

/** What a run is recorded and shown with, from its first word on. */
export interface Session {
  document: Document;
  /** `.runbook` beside the runbook. */
  home: string;
  terminal: TerminalReport;
  secrets: Secrets;
  startedAt: Date;
}

export const openSession = (document: Document, screen: Screen): Session => ({
  document,
  home: homeIn(dirname(resolve(document.path))),
  terminal: terminalReport(screen),
  secrets: makeSecrets(process.env),
  startedAt: new Date(),
});

/** All that a run on a real host and a rehearsal on a replica differ in. */
export interface Performance extends Omit<RunOptions, 'run'> {
  plan: Plan;
  host: Host;
  facts: Pick<HostFacts, 'name' | 'kind'>;
  /** Whether the data are the seeded ones, so that examples can be judged. */
  seeded: boolean;
  /** For `on=local` blocks, besides the caller's environment. */
  environment: Record<string, string>;
  /** Seen by every block. */
  blockVariables: Record<string, string>;
  /** What led up to the first block: phases of a replica, or blocks that the resumed run has behind it. */
  before: Event[];
  /** The id of the run that this one resumes. */
  resumes: string | null;
  /** Ends what was begun for the run, when its blocks are done and before its reports are written. */
  after(): Promise<PhaseFinished[]>;
}

/**
 * Runs a plan on a host, each event first on disk and then on the screen, and writes its reports. The host stays open.
 * Throws CannotRun where the database cannot be reached, Interrupted where `signal` aborts before it is, and
 * JournalError where nothing can be recorded.
 */
export async function perform(session: Session, performance: Performance): Promise<RunReport> {
  const executor = await openFor(session, performance);
  try {
    return await record(session, performance, executor);
  } finally {
    await executor.close();
  }
}

function openFor({ document }: Session, performance: Performance): Promise<Executor> {
  const { path, frontMatter } = document;
  const { host, seeded, environment, blockVariables, facts, signal } = performance;
  const opening = openExecutor({
    host,
    hostNames: hostNames(frontMatter),
    seeded,
    localDirectory: dirname(resolve(path)),
    environment,
    variables: blockVariables,
    database: frontMatter.database,
    needsEngine: true,
    runbook: basename(path),
  });
  return orInterrupted(opening, signal, `connecting to ${facts.name}`);
}

async function record(session: Session, performance: Performance, executor: Executor): Promise<RunReport> {
  const { plan, before, after, variables: known } = performance;
  session.secrets.learn(executor.variables);
  const journal = await createJournal(session.home, session.startedAt);
  const events: Event[] = [];
  const take = async (event: Event) => {
    if (event.type === 'block-finished') {
      session.secrets.learn(exportsOf(event.output));
      session.secrets.learn(variablesLeftBy(event));
    }
    const clean = maskEvent(session.secrets, event);
    await journal.append(clean);
    if (event.type !== 'block-printed') events.push(clean);
    session.terminal.show(clean);
  };
  await take(startOf(session, journal.id, performance, executor));
  for (const event of before) await take(event);
  const variables = { ...known, RUNBOOK_RUN: journal.directory };
  for await (const event of run(plan, executor, { ...performance, run: journal.id, variables }))
    await take(event);
  for (const phase of await after()) await take(phase);
  await journal.close();
  return writeReports(session.home, journal, events);
}

function startOf(
  { document, startedAt }: Session,
  id: string,
  { plan, facts: { name, kind }, resumes }: Performance,
  { serverVersion }: Executor,
): RunStarted {
  const { path, title, sha256 } = document;
  return {
    type: 'run-started',
    format: 2,
    at: startedAt.toISOString(),
    id,
    runbook: { path, title, sha256 },
    target: { name, kind, server_version: serverVersion },
    identity: null,
    procedure: plan.procedure,
    blocks: plan.steps.flatMap((step) => (step.kind === 'block' ? [factsOf(step.block, step.name)] : [])),
    resumes,
  };
}

const factsOf = (block: Document['blocks'][number], name: string): BlockFacts => ({
  name,
  section: block.section.path,
  heading: block.section.heading,
  line: block.line,
  language: block.language,
  on: block.on,
  effect: block.effect,
  key: block.key,
  done: block.done,
  text: block.text,
  budget_ms: block.budgetMs,
  expectations: block.expectations.flatMap(expectationTexts).map(({ text, line }) => ({ text, line })),
});

async function writeReports(home: string, journal: Journal, events: Event[]): Promise<RunReport> {
  const report = await wholeReport(home, events);
  try {
    await writeFile(reportIn(journal.directory, 'json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(reportIn(journal.directory, 'html'), htmlReport(report));
  } catch (error) {
    const remedy = `the journal is whole, so \`report ${journal.id}\` can still print it`;
    throw new JournalError(`the report cannot be written: ${(error as Error).message}: ${remedy}`);
  }
  return report;
}
