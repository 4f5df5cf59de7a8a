import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { orInterrupted } from '../host/interruption.ts';
import { endSession, lockServer } from '../host/lock.ts';
import { openHost } from '../host-kinds.ts';
import type { Earlier } from '../journal/earlier.ts';
import type { Answer, Event } from '../journal/event.ts';
import { valuesOf } from '../journal/exported.ts';
import { isAtWork } from '../journal/follow.ts';
import { checkJournalHome } from '../journal/journal.ts';
import { type Journals, openJournals } from '../journal/journals.ts';
import { differenceOf, type Identity, showIdentity, whereOf } from '../outcome/identity.ts';
import { CannotRun } from '../outcome/output.ts';
import { openSession, perform, type Session, type Vouched } from '../perform.ts';
import type { Gate } from '../plan/gate.ts';
import { type HostFacts, makePlan, type Plan } from '../plan/plan.ts';
import type { Screen } from '../report/screen.ts';
import { printable } from '../report/style.ts';
import { showRehearsed } from '../report/vouched.ts';
import { homeIn, runDirectory } from '../text/home.ts';
import { ask, askAtGate, confirm, type Person } from './ask.ts';
import { conclude } from './conclude.ts';
import { decide } from './decide.ts';
import { inWords, type Resume, whatWasBefore } from './earlier.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { type Bond, guardBlock } from './guard.ts';
import { requireHost } from './hosts.ts';
import { endLines } from './last-page.ts';
import { clearLeftovers } from './leftovers.ts';
import { orThrow } from './plan.ts';
import { preflight, requireSound } from './preflight.ts';
import { readSoundDocument } from './read.ts';
import { refuseUnsaid, runCommandLine } from './refuse.ts';
import { type Beginning, type Hidden, knownVariables, makeBeginning } from './resume.ts';
import { requireReceipt, showExpected, vouchedFor } from './vouched.ts';

export interface RunCommandOptions {
  procedure: string;
  /** The name of a host in the front matter. */
  on: string;
  /** Whether to go on from an earlier run: from the newest of the procedure, or from the one of this id. */
  resume: Resume;
  /** The person has answered every question beforehand: whether to begin, and each item of a checklist. */
  yes: boolean;
  /** Blocks by name, of which the person says beforehand what becomes of them. */
  again: string[];
  done: string[];
  allow: string[];
  acceptChanges: boolean;
  /** Why it is run although no rehearsal vouches for it. */
  unrehearsed?: string;
  /** Whether what blocks printed that passed is shown, too. */
  verbose?: boolean;
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
    // A block that needs the terminal has none where the person is asked elsewhere.
    terminal: person.terminal && !person.asking,
  };
  const plan = orThrow(document, makePlan(document, options.procedure, facts));
  const journals = openJournals(homeIn(dirname(resolve(path))));
  const look = () => begin(document, plan, journals, name, options, person);
  const { before } = await look();
  await checkJournalHome(journals.home);
  if (before.unfinished && !before.resumed) warnOf(before.unfinished, path, options, screen);
  const { bytes, expected_ms, from } = await vouchedFor(document, plan, journals);
  const rehearsed = await requireReceipt(document, plan, journals, bytes, options.unrehearsed);
  const vouched: Vouched = { bytes, expected_ms, data: null, rehearsed };
  const host = await openHost(address, person.interrupted);
  try {
    const connected = <T>(work: Promise<T>) =>
      orInterrupted(work, person.interrupted, `connecting to ${name}`);
    const warnings = requireSound(document, await connected(preflight(document, plan, host)));
    for (const line of warnings) screen.write(`${printable(line)}\n`);
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
      // Again, with what was written meanwhile: until the lock was ours, another run may have gone on.
      const looked = await look();
      const resumes = looked.before.resumed?.id ?? null;
      const goesOn = unitsGoneOnWith(looked);
      const left = await connected(
        clearLeftovers({ document, host, target: name, journals, resumes, goesOn }),
      );
      await connected(lock.endOrphans());
      for (const line of [...left, ...looked.changes]) screen.write(`${printable(line)}\n`);
      const decided = person.terminal
        ? await decide(looked, options, document, person)
        : { beginning: looked, secrets: fromEnvironment(looked) };
      const bond = { host, login, identity, lock };
      const going = { ...decided, journals, vouched, bond, facts, options, screen, person };
      return await goOn(document, going);
    } finally {
      await lock.release();
    }
  } finally {
    await host.close();
  }
}

/** What the run begins with, where all that must be said beforehand was said. Throws CommandError where it was not. */
async function begin(
  document: Document,
  plan: Plan,
  journals: Journals,
  host: string,
  options: RunCommandOptions,
  person: Person,
): Promise<Beginning> {
  refuseWithoutResume(options);
  const { resume, on, yes, unrehearsed } = options;
  const { procedure } = plan;
  const before = await whatWasBefore(journals, host, document, { procedure, resume });
  const beginning = makeBeginning(plan, before, document, options);
  const command = { procedure, on, yes, unrehearsed, resume: before.resumed?.id ?? null };
  if (!person.terminal) {
    refuseUnsaid(beginning, options, process.env, {
      command: runCommandLine(document.path, command),
      where: whereOf(host, before.resumed?.identity ?? null, document.frontMatter.database?.name),
    });
  }
  return beginning;
}

function refuseWithoutResume({ resume, again, done, acceptChanges }: RunCommandOptions): void {
  if (resume !== false || (again.length === 0 && done.length === 0 && !acceptChanges)) return;
  throw new CommandError(
    EXIT.refused,
    '--again, --done and --accept-changes speak of an earlier run: say --resume to go on from it',
  );
}

function warnOf(
  unfinished: Earlier,
  path: string,
  { on, unrehearsed }: RunCommandOptions,
  screen: Screen,
): void {
  const { id, procedure, pid, status } = unfinished;
  const command = runCommandLine(path, { procedure, on, resume: id, unrehearsed });
  const atWork =
    status === null && isAtWork(unfinished)
      ? `its tool, process ${pid}, is at work; once that has ended, `
      : '';
  screen.write(
    `${printable(`there is an unfinished run, ${inWords(unfinished)}; ${atWork}to go on with it: ${command}`)}\n`,
  );
}

/** The directories of blocks that a run looks up where they ran. */
const unitsGoneOnWith = ({ begun }: Beginning): Set<string> =>
  new Set([...begun.values()].flatMap(({ answered }) => (answered ? [answered.unit] : [])));

const fromEnvironment = ({ hidden }: Beginning): Record<string, string> =>
  Object.fromEntries(hidden.map(({ name }) => [name, process.env[name] ?? '']));

/** What blocks on this machine had from the environment of an earlier tool, and this one's does not hold. */
const environmentOf = (hidden: Hidden[], secrets: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    hidden.flatMap(({ name, block }) => (block === null && secrets[name] ? [[name, secrets[name]]] : [])),
  );

interface Going {
  beginning: Beginning;
  /** Values of variables that no journal holds. */
  secrets: Record<string, string>;
  journals: Journals;
  vouched: Vouched;
  bond: Omit<Bond, 'say'>;
  facts: HostFacts;
  options: RunCommandOptions;
  screen: Screen;
  person: Person;
}

async function goOn(
  document: Document,
  { beginning, secrets, journals, vouched, bond, facts, options, screen, person }: Going,
): Promise<ExitStatus> {
  const session = openSession(document, { ...screen, verbose: options.verbose }, journals);
  const { say } = session.terminal;
  const { host, identity, lock } = bond;
  session.secrets.learn(secrets);
  const { plan, before, carried, begun, probes, hidden } = beginning;
  if (before.resumed) requireSameAs(before.resumed, identity, facts.name, say);
  const left = knownVariables(before.left, secrets);
  const signal = person.interrupted;
  const at = new Date().toISOString();
  const tellEnd = async (events: Event[]) => {
    const ended = { document, plan, journals, host, said: options, events, variables: valuesOf(left) };
    for (const one of await endLines(ended)) say(one);
  };
  try {
    const performing = perform(session, {
      plan,
      host,
      facts,
      identity,
      vouched,
      guard: (request) => guardBlock({ ...bond, say }, request),
      started: lock.nameRun,
      seeded: false,
      environment: environmentOf(hidden, secrets),
      blockVariables: document.frontMatter.variables,
      before: carried.map((event) => ({ ...event, at })),
      resumes: before.resumed?.id ?? null,
      signal,
      ask: async (item) => (options.yes ? 'yes' : ask(item, person)),
      openGate: (gate) => openGate({ ...gate, text: session.secrets.mask(gate.text) }, options, person),
      done: new Set(carried.map(({ name }) => name)),
      ...{ begun, probes, left },
      variables: valuesOf(left),
      after: async () => [],
    });
    const report = await performing.catch(async (error: unknown) => {
      // Whoever has to go on by hand needs the page most; what keeps it from being made is not what has gone wrong.
      await tellEnd(await eventsSoFar(session, before.resumed)).catch(() => undefined);
      throw error;
    });
    const [line, status] = conclude(report, journals.home, signal.aborted);
    say(line);
    // How to go on is on the last page.
    if (!signal.aborted) session.terminal.tellFailures(report);
    await tellEnd(session.events);
    return status;
  } finally {
    session.terminal.close();
  }
}

/** Of the run, or where it had not begun to be recorded, of the one that it was to go on from. */
async function eventsSoFar({ events, journals }: Session, resumed: Earlier | null): Promise<Event[]> {
  return events.length > 0 || !resumed ? events : journals.read(runDirectory(journals.home, resumed.id));
}

/** Only its name opens a gate: at the terminal, or beforehand. */
async function openGate(gate: Gate, { allow }: RunCommandOptions, person: Person): Promise<Answer> {
  if (allow.includes(gate.name)) return 'yes';
  return person.terminal ? askAtGate(gate, person) : 'none';
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
