import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { hostName, hostNames } from '../document/front-matter.ts';
import type { DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { openHost } from '../host/kinds.ts';
import { lockServer } from '../host/lock.ts';
import { checkJournalHome } from '../journal/journal.ts';
import { CannotRun } from '../outcome/output.ts';
import { openSession, perform } from '../perform.ts';
import { type HostFacts, makePlan, type Plan } from '../plan/plan.ts';
import { printable } from '../report/style.ts';
import type { Screen } from '../report/terminal.ts';
import { homeIn } from '../text/home.ts';
import { orInterrupted } from '../text/interruption.ts';
import { ask, confirm, type Person } from './ask.ts';
import { conclude } from './conclude.ts';
import { earlierRun } from './earlier.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { requireHost } from './hosts.ts';
import { endLines } from './last-page.ts';
import { orThrow } from './plan.ts';
import { preflight, requireSound } from './preflight.ts';
import { readSoundDocument } from './read.ts';

export interface RunCommandOptions {
  procedure: string;
  /** The name of a host in the front matter. */
  on: string;
  resume: boolean;
  /** The person has answered every question beforehand: whether to begin, and each item of a checklist. */
  yes: boolean;
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
  const name = hostName(address);
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
  const host = await openHost(address, person.interrupted);
  try {
    const connected = <T>(work: Promise<T>) =>
      orInterrupted(work, person.interrupted, `connecting to ${name}`);
    const warnings = requireSound(document, await connected(preflight(document, plan, host)));
    for (const line of warnings) screen.write(`${printable(line)}\n`);
    await connected(refuseReplica(host, login, name));
    const known = { ...facts, services: await connected(host.services()) };
    orThrow(document, makePlan(document, options.procedure, known));
    if (!options.yes)
      await confirm(`Run ${plan.steps.length} steps of ${plan.procedure} on ${name}?`, person);
    const unlock = await connected(lockServer(() => host.inside(login.service).database(), login));
    try {
      // Read again: until the lock was ours, another run may have gone on.
      const earlier = await before();
      return await goOn(document, { plan, host, facts, earlier, options, screen, person });
    } finally {
      await unlock();
    }
  } finally {
    await host.close();
  }
}

interface Going {
  plan: Plan;
  host: Host;
  facts: HostFacts;
  earlier: Awaited<ReturnType<typeof earlierRun>>;
  options: RunCommandOptions;
  screen: Screen;
  person: Person;
}

async function goOn(
  document: Document,
  { plan, host, facts, earlier, options, screen, person }: Going,
): Promise<ExitStatus> {
  const session = openSession(document, screen);
  const done = options.resume ? (earlier?.passed ?? []) : [];
  const signal = person.interrupted;
  try {
    const report = await perform(session, {
      plan,
      host,
      facts,
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
    const ended = { document, home: session.home, host, on: options.on, report };
    for (const one of await endLines({ ...ended, variables: earlier?.variables ?? {} }))
      session.terminal.say(one);
    return status;
  } finally {
    session.terminal.close();
  }
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
