import { basename, dirname, join, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { orInterrupted } from '../interruption.ts';
import type { Event } from '../journal/event.ts';
import { checkJournalHome } from '../journal/journal.ts';
import { type Earlier, earlierRuns } from '../journal/resume.ts';
import { makeSecrets } from '../journal/secrets.ts';
import { CannotRun } from '../outcome/output.ts';
import { makePlan, type TargetFacts } from '../plan/plan.ts';
import { type Screen, terminalReport } from '../report/terminal.ts';
import { connectClient, relayThroughCompose } from '../target/database.ts';
import type { Door } from '../target/door.ts';
import { lockServer } from '../target/lock.ts';
import { openTarget } from '../target/open.ts';
import { sshDoor } from '../target/ssh.ts';
import { ask, confirm, type Person } from './ask.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { orThrow } from './plan.ts';
import { readSoundDocument } from './read.ts';
import { conclude, conduct, type Session } from './session.ts';

export interface RunCommandOptions {
  procedure: string;
  resume: boolean;
  /** The person has answered every question beforehand: whether to begin, and each item of a checklist. */
  yes: boolean;
}

/** Runs a procedure on the real host. */
export async function runOnHost(
  path: string,
  options: RunCommandOptions,
  screen: Screen,
  person: Person,
): Promise<ExitStatus> {
  const signal = person.interrupted;
  const document = await readSoundDocument(path);
  const { nas, database, variables } = document.frontMatter;
  if (!nas || !database)
    throw new CommandError(EXIT.refused, `${path}:1:1: the front matter names no \`nas\` or no \`database\``);
  const here = dirname(resolve(path));
  const home = join(here, '.runbook');
  const known: TargetFacts = { name: nas.ssh, kind: 'nas', services: null, terminal: person.terminal };
  const plan = orThrow(document, makePlan(document, options.procedure, known));
  const earlier = await whatCameBefore(home, nas.ssh, plan.procedure, options.resume);
  await checkJournalHome(home);
  const door = await sshDoor({ host: nas.ssh, directory: nas.directory }, signal);
  const connectDatabase = relayThroughCompose(door.start, database.service);
  try {
    const connected = <T>(work: Promise<T>) => orInterrupted(work, signal, `connecting to ${nas.ssh}`);
    await connected(refuseReplica(connectDatabase, database, nas.ssh));
    const facts = { ...known, services: await connected(servicesOf(door)) };
    orThrow(document, makePlan(document, options.procedure, facts));
    if (!options.yes)
      await confirm(`Run ${plan.steps.length} steps of ${plan.procedure} on ${nas.ssh}?`, person);
    const unlock = await connected(lockServer(connectDatabase, database));
    const opening = openTarget({
      facts,
      seeded: false,
      door,
      localDirectory: here,
      environment: {},
      variables,
      database,
      connectDatabase,
      needsEngine: true,
      runbook: basename(path),
    });
    const target = await connected(opening);
    const session = sessionOf(document, home, screen, options.resume ? earlier : null);
    const done = options.resume ? (earlier?.passed ?? []) : [];
    const conducted = await conduct(session, plan, target, done satisfies Event[], {
      signal,
      ask: async (item) => (options.yes ? 'yes' : ask(item, person)),
      done: new Set(done.map(({ name }) => name)),
      variables: earlier?.variables ?? {},
    });
    const report = await conducted.finish([]);
    await unlock();
    await target.close();
    const [line, status] = conclude(report, home, signal.aborted);
    session.terminal.say(line);
    return status;
  } finally {
    await door.close();
  }
}

/** To resume: the newest run of the procedure, which must not have passed. Else the newest run, for what it exported. */
async function whatCameBefore(
  home: string,
  target: string,
  procedure: string,
  resume: boolean,
): Promise<Earlier | null> {
  const variables: Record<string, string> = {};
  let newest: Earlier | null = null;
  for await (const earlier of earlierRuns(home, target)) {
    if (resume && earlier.procedure !== procedure) continue;
    if (resume) {
      if (earlier.finished) break;
      return earlier;
    }
    newest ??= earlier;
    for (const [name, value] of Object.entries(earlier.variables)) variables[name] ??= value;
  }
  if (resume)
    throw new CommandError(EXIT.refused, `there is no unfinished run of ${procedure} on ${target} to resume`);
  return newest ? { ...newest, variables } : null;
}

async function refuseReplica(
  ...[connect, login, host]: [...Parameters<typeof connectClient>, string]
): Promise<void> {
  const client = await connectClient(connect, login);
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT current_setting('runbook.replica', true) AS mark`,
  );
  await client.end();
  if (rows[0]?.mark)
    throw new CannotRun(
      `the server on ${host} says that it is the replica ${rows[0].mark}: rehearse there instead`,
    );
}

async function servicesOf(door: Door): Promise<string[] | null> {
  const child = door.start(['docker', 'compose', 'config', '--services']);
  child.stdin.end();
  const chunks: Buffer[] = [];
  child.stderr.resume();
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const services = Buffer.concat(chunks).toString().split('\n').filter(Boolean);
  return services.length > 0 ? services : null;
}

const sessionOf = (document: Document, home: string, screen: Screen, earlier: Earlier | null): Session => ({
  document,
  home,
  terminal: terminalReport(screen),
  secrets: makeSecrets(process.env),
  startedAt: new Date(),
  resumes: earlier?.id ?? null,
});
