import { writeFile } from 'node:fs/promises';
import type { Document } from '../document/document.ts';
import type { Target } from '../host/executor.ts';
import type { BlockFacts, Event, PhaseFinished, RunStarted } from '../journal/event.ts';
import { exportsOf, variablesLeftBy } from '../journal/exported.ts';
import { createJournal, type Journal, JournalError } from '../journal/journal.ts';
import { maskEvent } from '../journal/mask-event.ts';
import type { Secrets } from '../journal/secrets.ts';
import { expectationTexts } from '../outcome/judge.ts';
import type { Plan } from '../plan/plan.ts';
import { htmlReport } from '../report/html.ts';
import { foldReport, type RunReport } from '../report/report.ts';
import type { TerminalReport } from '../report/terminal.ts';
import { type RunOptions, run } from '../run.ts';
import { reportIn, runDirectory } from '../text/home.ts';
import { EXIT, type ExitStatus } from './exit.ts';

/** Everything that a run is recorded and shown with. */
export interface Session {
  document: Document;
  /** `.runbook` beside the runbook. */
  home: string;
  terminal: TerminalReport;
  secrets: Secrets;
  startedAt: Date;
  /** Of a resumed run. */
  resumes: string | null;
}

/** A run that is on disk and on the screen; `finish` adds what came after it and writes its reports. */
export interface Conducted {
  status: 'passed' | 'failed' | 'aborted';
  finish(after: PhaseFinished[]): Promise<RunReport>;
}

/** Runs a plan, each event first on disk and then on the screen. `before` is what led up to it. */
export async function conduct(
  session: Session,
  plan: Plan,
  target: Target,
  before: Event[],
  options: RunOptions,
): Promise<Conducted> {
  session.secrets.learn(target.variables);
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
  await take(startOf(session, journal.id, plan, target));
  for (const phase of before) await take(phase);
  const variables = { ...options.variables, RUNBOOK_RUN: journal.directory };
  for await (const event of run(plan, target, { ...options, variables })) await take(event);
  return {
    status: foldReport(events).status,
    async finish(after) {
      for (const phase of after) await take(phase);
      await journal.close();
      return writeReports(journal, events);
    },
  };
}

function startOf(
  { document, startedAt, resumes }: Session,
  id: string,
  plan: Plan,
  target: Target,
): RunStarted {
  const { path, title, sha256 } = document;
  const { name, kind } = target.facts;
  return {
    type: 'run-started',
    format: 1,
    at: startedAt.toISOString(),
    id,
    runbook: { path, title, sha256 },
    target: { name, kind, server_version: target.serverVersion },
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
  text: block.text,
  budget_ms: block.budgetMs,
  expectations: block.expectations.flatMap(expectationTexts).map(({ text, line }) => ({ text, line })),
});

async function writeReports(journal: Journal, events: Event[]): Promise<RunReport> {
  const report = foldReport(events);
  try {
    await writeFile(reportIn(journal.directory, 'json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(reportIn(journal.directory, 'html'), htmlReport(report));
  } catch (error) {
    const remedy = `the journal is whole, so \`report ${journal.id}\` can still print it`;
    throw new JournalError(`the report cannot be written: ${(error as Error).message}: ${remedy}`);
  }
  return report;
}

/** The line that ends a run for a person, and the status that ends it for a machine. */
export function conclude(
  { totals, status, id }: RunReport,
  home: string,
  interrupted: boolean,
): [string, ExitStatus] {
  const { blocks, blocks_passed, expectations, expectations_passed, duration_ms, command_ms } = totals;
  const counts = `${blocks_passed} of ${blocks} blocks and ${expectations_passed} of ${expectations} expectations passed`;
  const times = `in ${(duration_ms / 1000).toFixed(1)} s, of which ${(command_ms / 1000).toFixed(1)} s in blocks`;
  const line = `${counts} ${times}\nreport: ${runDirectory(home, id)}`;
  if (interrupted) return [line, EXIT.interrupted];
  return [line, status === 'passed' ? EXIT.passed : status === 'failed' ? EXIT.failed : EXIT.cannotRun];
}
