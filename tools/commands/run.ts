import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { orInterrupted } from '../host/interruption.ts';
import { endSession, lockServer } from '../host/lock.ts';
import { openHost } from '../host-kinds.ts';
import { checkJournalHome } from '../journal/journal.ts';
import type { Earlier } from '../journal/resume.ts';
import { differenceOf, type Identity, showIdentity } from '../outcome/identity.ts';
import { CannotRun } from '../outcome/output.ts';
import { openSession, perform, type Vouched } from '../perform.ts';
import { type HostFacts, makePlan, type Plan } from '../plan/plan.ts';
import { printable } from '../report/style.ts';
import type { Screen } from '../report/terminal.ts';
import { showRehearsed } from '../report/vouched.ts';
import { homeIn } from '../text/home.ts';
import { ask, confirm, type Person } from './ask.ts';
import { conclude } from './conclude.ts';
import { earlierRun } from './earlier.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { type Bond, guardBlock } from './guard.ts';
import { requireHost } from './hosts.ts';
import { refuseBesideRunning } from './leftovers.ts';
import { orThrow } from './plan.ts';
import { readSoundDocument } from './read.ts';
import { requireReceipt, showExpected, vouchedFor } from './vouched.ts';

export interface RunCommandOptions {
  procedure: string;
  /** The name of a host in the front matter. */
  on: string;
  resume: boolean;
  /** The person has answered every question beforehand: whether to begin, and each item of a checklist. */
  yes: boolean;
  /** Why it is run although no rehearsal vouches for it. */
  unrehearsed?: string;
}

/** Runs a procedure on a real host. */
export async function runOnHost(
  path: string,
  options: RunCommandOptions,
  screen: Screen,
  person: Person,
): Promise<ExitStatus> {
  const document = await readSoundDocument(path);
  const address = requireHost(document, options.on);
  const login = requireDatabase(document);
  const { name } = address;
  const facts: HostFacts = {
    name,
    kind: 'host',
    hostNames: hostNames(document.frontMatter),
    services: null,
    terminal: person.terminal,
  };
  const plan = orThrow(document, makePlan(document, options.procedure, facts));
  const home = homeIn(dirname(resolve(path)));
  const before = () => earlierRun(home, name, plan.procedure, options.resume);
  await before();
  await checkJournalHome(home);
  const { bytes, expected_ms, from } = await vouchedFor(document, plan, home);
  const rehearsed = await requireReceipt(document, plan, home, bytes, options.unrehearsed);
  const vouched: Vouched = { bytes, expected_ms, data: null, rehearsed };
  const host = await openHost(address, person.interrupted);
  try {
    const connected = <T>(work: Promise<T>) =>
      orInterrupted(work, person.interrupted, `connecting to ${name}`);
    await connected(refuseReplica(host, login, name));
    const known = { ...facts, services: await connected(host.services()) };
    orThrow(document, makePlan(document, options.procedure, known));
    const identity = await connected(host.identity(login));
    if (!options.yes) {
      for (const line of [showRehearsed(vouched, new Date()), showExpected({ expected_ms, from }, plan)])
        if (line !== null) screen.write(`${printable(line)}\n`);
      const where = `${name} (${showIdentity(identity)})`;
      await confirm(`Run ${plan.steps.length} steps of ${plan.procedure} on ${where}?`, person);
    }
    const bound = { ...login, cluster: identity.system_identifier };
    const wayOut = (pid: string) => host.typed(endSession(login, pid));
    const lock = await connected(lockServer(() => host.inside(login.service).database(), bound, wayOut));
    try {
      // Read again: until the lock was ours, another run may have gone on.
      const earlier = await before();
      const resumes = options.resume ? (earlier?.id ?? null) : null;
      await connected(refuseBesideRunning({ document, host, target: name, home, resumes }));
      const bond = { host, login, identity, lock };
      return await goOn(document, { plan, vouched, bond, facts, earlier, options, screen, person });
    } finally {
      await lock.release();
    }
  } finally {
    await host.close();
  }
}

interface Going {
  plan: Plan;
  vouched: Vouched;
  bond: Omit<Bond, 'say'>;
  facts: HostFacts;
  earlier: Awaited<ReturnType<typeof earlierRun>>;
  options: RunCommandOptions;
  screen: Screen;
  person: Person;
}

async function goOn(
  document: Document,
  { plan, vouched, bond, facts, earlier, options, screen, person }: Going,
): Promise<ExitStatus> {
  const session = openSession(document, screen);
  const { say } = session.terminal;
  const { host, identity, lock } = bond;
  if (options.resume && earlier) requireSameAs(earlier, identity, facts.name, say);
  const done = options.resume ? (earlier?.passed ?? []) : [];
  const signal = person.interrupted;
  try {
    const report = await perform(session, {
      plan,
      host,
      facts,
      identity,
      vouched,
      guard: (request) => guardBlock({ ...bond, say }, request),
      started: lock.nameRun,
      seeded: false,
      environment: {},
      blockVariables: document.frontMatter.variables,
      before: done,
      resumes: options.resume ? (earlier?.id ?? null) : null,
      signal,
      ask: async (item) => (options.yes ? 'yes' : ask(item, person)),
      done: new Set(done.map((event) => event.name)),
      variables: earlier?.variables ?? {},
      after: async () => [],
    });
    const [line, status] = conclude(report, session.home, signal.aborted);
    session.terminal.say(line);
    return status;
  } finally {
    session.terminal.close();
  }
}

/** Throws CannotRun where a run would be gone on with at another place than it was at. */
function requireSameAs(
  { id, identity: bound }: Earlier,
  identity: Identity,
  name: string,
  say: (line: string) => void,
): void {
  if (bound === null) {
    say(`the run ${id} recorded no machine: whether this is the same one cannot be told`);
    return;
  }
  const difference = differenceOf(bound, identity);
  if (difference)
    throw new CannotRun(`${name} is not what the run ${id} was bound to: ${difference}; nothing was run`);
}

function requireDatabase({ path, frontMatter: { database } }: Document): DatabaseLogin {
  if (database) return database;
  throw new CommandError(EXIT.refused, `${path}:1:1: the front matter names no \`database\``);
}

async function refuseReplica(host: Host, login: DatabaseLogin, name: string): Promise<void> {
  const mark = await host.mark(login);
  if (mark === null) return;
  throw new CannotRun(`the server on ${name} says that it is the replica ${mark}: rehearse there instead`);
}
