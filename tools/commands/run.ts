import { basename, dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import {
  type ConnectDatabase,
  connectClient,
  type DatabaseLogin,
  relayThroughCompose,
} from '../host/database.ts';
import type { Door } from '../host/door.ts';
import type { Target } from '../host/executor.ts';
import { lockServer } from '../host/lock.ts';
import { openTarget } from '../host/open.ts';
import { sshDoor } from '../host/ssh.ts';
import { checkJournalHome } from '../journal/journal.ts';
import type { Earlier } from '../journal/resume.ts';
import { makeSecrets } from '../journal/secrets.ts';
import { CannotRun } from '../outcome/output.ts';
import { makePlan, type Plan, type TargetFacts } from '../plan/plan.ts';
import { type Screen, terminalReport } from '../report/terminal.ts';
import { homeIn } from '../text/home.ts';
import { orInterrupted } from '../text/interruption.ts';
import { ask, confirm, type Person } from './ask.ts';
import { earlierRun } from './earlier.ts';
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
  const home = homeIn(here);
  const known: TargetFacts = { name: nas.ssh, kind: 'nas', services: null, terminal: person.terminal };
  const plan = orThrow(document, makePlan(document, options.procedure, known));
  const before = () => earlierRun(home, nas.ssh, plan.procedure, options.resume);
  await before();
  await checkJournalHome(home);
  const door = await sshDoor({ host: nas.ssh, directory: nas.directory }, signal);
  const connectDatabase = relayThroughCompose(door.start, database.service);
  const parts = { door, connectDatabase, database, variables, localDirectory: here, runbook: basename(path) };
  try {
    const connected = <T>(work: Promise<T>) => orInterrupted(work, signal, `connecting to ${nas.ssh}`);
    await connected(refuseReplica(connectDatabase, database, nas.ssh));
    const facts = { ...known, services: await connected(servicesOf(door)) };
    orThrow(document, makePlan(document, options.procedure, facts));
    if (!options.yes)
      await confirm(`Run ${plan.steps.length} steps of ${plan.procedure} on ${nas.ssh}?`, person);
    const opening = openTarget({ ...parts, facts, seeded: false, environment: {}, needsEngine: true });
    return await withTarget(connected(opening), (target) =>
      withLock(connected(lockServer(connectDatabase, database)), async () => {
        // Read again: until the lock was ours, another run may have gone on.
        const earlier = await before();
        const session = sessionOf(document, home, screen, options.resume ? earlier : null);
        return perform(session, plan, target, earlier, options, person, signal);
      }),
    );
  } finally {
    await door.close();
  }
}

/** Conducts the plan on an open target that is this run's alone, and concludes it. */
async function perform(
  session: Session,
  plan: Plan,
  target: Target,
  earlier: Earlier | null,
  { resume, yes }: RunCommandOptions,
  person: Person,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const done = resume ? (earlier?.passed ?? []) : [];
  try {
    const conducted = await conduct(session, plan, target, done, {
      signal,
      ask: async (item) => (yes ? 'yes' : ask(item, person)),
      done: new Set(done.map(({ name }) => name)),
      variables: earlier?.variables ?? {},
    });
    const report = await conducted.finish([]);
    const [line, status] = conclude(report, session.home, signal.aborted);
    session.terminal.say(line);
    return status;
  } finally {
    session.terminal.close();
  }
}

/** Does `work` on a target that is closed afterwards, whatever came of it. */
async function withTarget<T>(opening: Promise<Target>, work: (target: Target) => Promise<T>): Promise<T> {
  const target = await opening;
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

/** Does `work` while nobody else's run may begin on that server. */
async function withLock<T>(locking: ReturnType<typeof lockServer>, work: () => Promise<T>): Promise<T> {
  const unlock = await locking;
  try {
    return await work();
  } finally {
    await unlock();
  }
}

async function refuseReplica(connect: ConnectDatabase, login: DatabaseLogin, host: string): Promise<void> {
  const client = await connectClient(connect, login);
  try {
    const { rows } = await client.query<{ mark: string | null }>(
      `SELECT current_setting('runbook.replica', true) AS mark`,
    );
    if (!rows[0]?.mark) return;
    const { mark } = rows[0];
    throw new CannotRun(`the server on ${host} says that it is the replica ${mark}: rehearse there instead`);
  } finally {
    await client.end();
  }
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
