import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Document } from './document/document.ts';
import { hostNames } from './document/front-matter.ts';
import { unprovedItems } from './document/proof.ts';
import { type Executor, openExecutor, type RunRequest } from './host/executor.ts';
import type { Host } from './host/host.ts';
import { orInterrupted } from './host/interruption.ts';
import type { Witness } from './host/wal/witness.ts';
import type { BlockFacts, BlockFinished, Event, PhaseFinished, RunStarted } from './journal/event.ts';
import { exportsOf, variablesLeftBy } from './journal/exported.ts';
import { picturesOf, watchFiles } from './journal/files.ts';
import { createJournal, type Journal, JournalError } from './journal/journal.ts';
import { type Journals, openJournals } from './journal/journals.ts';
import { maskEvent } from './journal/mask-event.ts';
import { makeSecrets, type Secrets } from './journal/secrets.ts';
import { type Identity, whereOf } from './outcome/identity.ts';
import { expectationTexts } from './outcome/judge.ts';
import { blockSteps, type HostFacts, type Plan, type PlannedStep } from './plan/plan.ts';
import { htmlReport } from './report/html.ts';
import type { RunReport } from './report/report.ts';
import type { Screen } from './report/screen.ts';
import { type TerminalReport, terminalReport } from './report/terminal.ts';
import { wholeReport } from './report/whole.ts';
import { type RunOptions, run } from './run.ts';
import { homeIn, pageIn, reportIn } from './text/home.ts';
import { secretsUsed } from './text/implicit.ts';

/** What a run is recorded and shown with, from its first word on. */
export interface Session {
  document: Document;
  /** `.runbook` beside the runbook. */
  home: string;
  journals: Journals;
  terminal: TerminalReport;
  secrets: Secrets;
  startedAt: Date;
  /** What has happened so far, as it is recorded. */
  events: Event[];
}

/** `.runbook` beside a document. */
export const homeOf = ({ path }: Document): string => homeIn(dirname(resolve(path)));

export const openSession = (
  document: Document,
  screen: Screen,
  journals = openJournals(homeOf(document)),
): Session => ({
  ...{ document, journals, home: journals.home },
  terminal: watched(terminalReport(screen), screen),
  secrets: makeSecrets(process.env),
  startedAt: new Date(),
  events: [],
});

/** Whoever else watches sees what the terminal is shown. */
const watched = (terminal: TerminalReport, { watch }: Screen): TerminalReport =>
  watch
    ? {
        ...terminal,
        show(event) {
          watch(event);
          terminal.show(event);
        },
      }
    : terminal;

/** What is recorded of a run's bytes and data, and of the rehearsal that it builds on. */
export type Vouched = Pick<RunStarted, 'bytes' | 'data' | 'rehearsed' | 'expected_ms'>;

/** All that a run on a real host and a rehearsal on a replica differ in. */
export interface Performance extends Omit<RunOptions, 'run' | 'where'> {
  plan: Plan;
  host: Host;
  facts: Pick<HostFacts, 'name' | 'kind'>;
  /** What the run is bound to. */
  identity: Identity | null;
  vouched: Vouched;
  /** Called before each block that begins or is gone on with. Where it throws CannotRun, the block is not run. */
  guard?(request: RunRequest): Promise<void>;
  /** Told the id of the run when it is recorded, before its first block. */
  started?(id: string): Promise<void>;
  /** Sees what each block does to a replica's database. */
  witness?: Witness;
  /** Whether the data are the seeded ones, so that examples can be judged. */
  seeded: boolean;
  /** For `on=local` blocks, besides the caller's environment. */
  environment: Record<string, string>;
  /** Where they run, if not beside the runbook. */
  localDirectory?: string;
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
  const { host, identity, seeded, environment, blockVariables, facts, signal } = performance;
  const opening = openExecutor({
    host,
    identity,
    witness: performance.witness,
    hostNames: hostNames(frontMatter),
    seeded,
    localDirectory: performance.localDirectory ?? dirname(resolve(path)),
    environment,
    variables: blockVariables,
    database: frontMatter.database,
    needsEngine: true,
    runbook: basename(path),
  });
  return orInterrupted(opening, signal, `connecting to ${facts.name}`);
}

async function record(session: Session, performance: Performance, executor: Executor): Promise<RunReport> {
  const { plan, before, after, variables: known, started } = performance;
  session.secrets.learn(executor.variables);
  const journal = await createJournal(session.home, session.startedAt);
  session.events = [];
  const { events } = session;
  const left = watchFiles(journal.directory);
  const take = async (happened: Event) => {
    const event = happened.type === 'block-finished' ? withFiles(happened, await left.since()) : happened;
    if (event.type === 'block-finished') {
      session.secrets.learn(exportsOf(event.output));
      session.secrets.learn(variablesLeftBy(event));
    }
    const clean = maskEvent(session.secrets, event);
    await journal.append(clean);
    if (event.type !== 'block-printed') events.push(clean);
    session.terminal.show(clean);
  };
  try {
    await keepPage(session, journal);
    const opening = startOf(session, journal.id, performance, executor);
    await take(opening);
    await started?.(journal.id);
    for (const event of before) await take(event);
    const variables = { ...known, RUNBOOK_RUN: journal.directory };
    const { identity, target } = opening;
    const where = whereOf(target.name, identity, session.document.frontMatter.database?.name);
    const options = { ...performance, run: journal.id, variables, where };
    for await (const event of run(plan, guarded(executor, performance), options)) await take(event);
    for (const phase of await after()) await take(phase);
    await journal.close();
  } catch (error) {
    await endBadly(session, journal, error as Error);
    throw error;
  }
  return writeReports(session, journal);
}

const withFiles = (event: BlockFinished, files: string[]): BlockFinished =>
  files.length > 0 ? { ...event, files } : event;

/** Keeps the page as it was when the run began: a report shows it, whatever has become of the file. */
async function keepPage({ document, secrets }: Session, { directory }: Journal): Promise<void> {
  await writeFile(pageIn(directory), secrets.mask(document.text), { mode: 0o600 }).catch((error: Error) => {
    throw new JournalError(`the page cannot be kept beside the journal: ${error.message}`);
  });
}

/** Records, as far as that can be done, that a run ended by an error that nobody foresaw. */
async function endBadly(session: Session, journal: Journal, error: Error): Promise<void> {
  const { events, secrets } = session;
  if (events.length === 0) return journal.discard();
  const end = { type: 'run-finished', at: new Date().toISOString(), status: 'aborted' } as const;
  const event = maskEvent(secrets, { ...end, why: `the tool could not go on: ${error.message}` });
  events.push(event);
  await journal.append(event).catch(() => undefined);
  await journal.close().catch(() => undefined);
  await writeReports(session, journal).catch(() => undefined);
}

/** Runs no block before the guard has let it pass. */
function guarded(executor: Executor, { guard }: Performance): Executor {
  if (!guard) return executor;
  return {
    ...executor,
    async run(request) {
      await guard(request);
      return executor.run(request);
    },
  };
}

function startOf(
  { document, startedAt }: Session,
  id: string,
  { plan, facts: { name, kind }, identity, vouched, resumes, probes, environment }: Performance,
  { serverVersion }: Executor,
): RunStarted {
  const { path, title, sha256 } = document;
  return {
    type: 'run-started',
    format: 2,
    at: startedAt.toISOString(),
    id,
    pid: process.pid,
    runbook: { path, title, sha256 },
    target: { name, kind, server_version: serverVersion },
    identity,
    ...vouched,
    procedure: plan.procedure,
    ...(plan.part ? { part: true } : {}),
    blocks: [...plan.steps.flatMap(factsOfStep), ...factsOfProbes(plan, probes)],
    resumes,
    environment_secrets: secretsUsed(localTexts(plan, probes), { ...process.env, ...environment }),
    unjudged: {
      claims: document.claims.length,
      items: unprovedItems(document).length,
    },
  };
}

/** The scripts of the blocks that are given the tool's own environment. */
const localTexts = ({ steps }: Plan, probes: RunOptions['probes']): string[] =>
  [...blockSteps(steps), ...[...(probes?.values() ?? [])].map(({ step }) => step)]
    .filter(({ block }) => block.on === 'local' && block.language !== 'sql')
    .map(({ block }) => block.text);

const factsOfStep = (step: PlannedStep): BlockFacts[] =>
  step.kind === 'block' ? [factsOf(step.block, step.name)] : [];

/** A probe is shown where the block stands that it is asked of. */
function factsOfProbes({ steps }: Plan, probes: RunOptions['probes']): BlockFacts[] {
  const blocks = steps.flatMap(factsOfStep);
  return [...(probes ?? [])].map(([probe_of, { step }]) => {
    const facts = factsOf(step.block, step.name);
    const { section, heading } = blocks.find(({ name }) => name === probe_of) ?? facts;
    return { ...facts, section, heading, probe_of };
  });
}

export const factsOf = (block: Document['blocks'][number], name: string): BlockFacts => ({
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

async function writeReports(
  { document, secrets, journals, events }: Session,
  journal: Journal,
): Promise<RunReport> {
  const text = secrets.mask(document.text);
  const report = await wholeReport(journals, events);
  try {
    await writeWhole(reportIn(journal.directory, 'json'), `${JSON.stringify(report, null, 2)}\n`);
    const kept = { text, events, pictures: await picturesOf(journals.home, events) };
    await writeWhole(reportIn(journal.directory, 'html'), htmlReport(report, kept));
  } catch (error) {
    const remedy = `the journal is whole, so \`report ${journal.id}\` can still print it`;
    throw new JournalError(`the report cannot be written: ${(error as Error).message}: ${remedy}`);
  }
  return report;
}

/** What a full disk leaves of a file is taken away. */
const writeWhole = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch(async (error) => {
    await rm(file, { force: true }).catch(() => undefined);
    throw error;
  });
