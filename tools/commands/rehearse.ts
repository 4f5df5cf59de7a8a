import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { Host } from '../host/host.ts';
import { openWitness } from '../host/wal/witness.ts';
import { type LeftVariables, valuesOf } from '../journal/exported.ts';
import { checkJournalHome, readJournal } from '../journal/journal.ts';
import type { Journals } from '../journal/journals.ts';
import { earlierRuns } from '../journal/resume.ts';
import { openSession, type Performance, perform, type Session } from '../perform.ts';
import { isPart, partOfPlan, type Wanted } from '../plan/part.ts';
import { type HostFacts, makePlan, type Plan } from '../plan/plan.ts';
import { makeRehearsal, makeWholePlan } from '../plan/rehearsal.ts';
import { type Dump, openDump } from '../replica/dump.ts';
import { keptReplicas } from '../replica/kept.ts';
import type { KeptUntil } from '../replica/kept-mark.ts';
import { dumpTargetOf, localDirectoryOf, recipeOf, servicesOf, variablesOf } from '../replica/recipe.ts';
import { type Replica, ReplicaError, type ReplicaKind } from '../replica/replica.ts';
import { joinStage, type Stage, setStage } from '../replica/stage.ts';
import { isWrong, type RunReport } from '../report/report.ts';
import type { Screen } from '../report/screen.ts';
import { DATA_SIZES, type DataSize, isDataSize } from '../text/data-size.ts';
import { runDirectory } from '../text/home.ts';
import { quote } from '../text/quote.ts';
import { askBeforeBlock, type Person } from './ask.ts';
import { calledOn } from './called-on.ts';
import { conclude } from './conclude.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { quietOfForge, tellForge } from './forge.ts';
import { orThrow } from './plan.ts';
import { readSoundDocument } from './read.ts';
import { knownVariables } from './resume.ts';
import { updateDocument } from './update.ts';
import { vouchedFor } from './vouched.ts';
import { type Rehearsing, watchDocument } from './watch.ts';

export interface RehearseOptions extends Wanted {
  procedure: string | null;
  replica: 'auto' | ReplicaKind;
  /** `ssh`: to a host in a container, as a real run goes to its host; only a Docker replica can. */
  through?: 'ssh';
  /** A size of the seeded data, or the path of a dump. */
  data: string;
  /** The major version of PostgreSQL that is taken in the place of the stack's own. */
  postgres?: string;
  all: boolean;
  /** Whether nothing runs before it, on a fresh replica, too: whoever looks on decides what it needs. */
  alone?: boolean;
  keep: boolean;
  /** How long a replica stays that is kept: without it, until it is removed. */
  keptUntil?: KeptUntil;
  /** The id of a replica that `--keep` left: it is taken as it is, and stays. */
  on?: string;
  /** Whether expectations that differ are rewritten after a complete run; `yes` is the answer to the question. */
  update?: boolean;
  yes?: boolean;
  /** Whether the replica stays up, and each change of the document is judged, until the person interrupts. */
  watch?: boolean;
  /** Whether what blocks printed that passed is shown, too. */
  verbose?: boolean;
  /** Whether the person is asked before each block. */
  step?: boolean;
}

/** What compose says of each container: worth a glance while it lasts. */
const COMPOSE_PROGRESS = /^\s*(Container|Network|Volume) \S+ +\w+$/;

/** Brings a replica up, seeds it, runs the procedure, judges it, and takes the replica down again. */
export async function rehearse(
  path: string,
  options: RehearseOptions,
  screen: Screen,
  person: Person,
): Promise<ExitStatus> {
  const { interrupted: signal } = person;
  refuseBoth(options);
  if (options.step && !person.terminal)
    throw new CommandError(
      EXIT.refused,
      '--step asks before each block, and there is no terminal to ask at: leave it out',
    );
  const document = await readSoundDocument(path);
  const services = await servicesIn(document);
  const data = await dataOf(document, options);
  if (options.on) await requireKept(recipeOf(document).home, options.on);
  const facts: HostFacts = {
    name: 'the replica',
    kind: 'embedded',
    hostNames: hostNames(document.frontMatter),
    services,
    terminal: false,
  };
  const plan = planFor(document, options, facts);
  const session = openSession(document, { ...screen, verbose: options.verbose });
  await checkJournalHome(session.home);
  const held = options.on ? await dataOfKept(session.journals, options.on) : nameOf(data);
  const { bytes, expected_ms } = await vouchedFor(document, plan, session.journals);
  // What is true on another version of the server vouches for nothing.
  const vouched = {
    bytes: options.postgres ? `${bytes} postgres ${options.postgres}` : bytes,
    expected_ms,
    data: held,
    rehearsed: null,
  };
  const say = (line: string) =>
    COMPOSE_PROGRESS.test(line)
      ? session.terminal.note(`  … ${line.trim()}`)
      : session.terminal.say(`  ${line.trim()}`);
  session.terminal.say(`Rehearsing ${path}: ${document.title}`);
  if (plan.needs) session.terminal.say(plan.needs);
  const { through, postgres } = options;
  const kind = kindFor(options);
  try {
    const fresh = (of: Document) => setStage(of, { kind, through, data, postgres, signal }, say);
    let stage = options.on ? await joinStage(document, options.on) : await fresh(document);
    if (options.watch) {
      const rehearsing: Rehearsing = {
        seeded: isSeeded(held),
        planOf: (changed) => planFor(changed, options, facts),
        async rehearse(now, planned) {
          const [report] = await rehearseOn(stage, now, { plan: planned, vouched }, options, say, person);
          return readJournal(runDirectory(now.home, report.id));
        },
        async renew(changed) {
          await stage.takeDown();
          stage = await fresh(changed);
        },
      };
      await watchDocument(session, plan, rehearsing, signal).finally(() => stage.takeDown());
      return EXIT.interrupted;
    }
    const [report, status] = await rehearseOn(stage, session, { plan, vouched }, options, say, person);
    if (!options.update || signal.aborted) return status;
    const asking = { yes: options.yes ?? false, person };
    return await updateDocument(document, plan, report, status, asking, (line) => session.terminal.say(line));
  } finally {
    session.terminal.close();
  }
}

async function rehearseOn(
  { host, identity, phases, replica, takeDown }: Stage,
  session: Session,
  { plan, vouched }: Pick<Performance, 'plan' | 'vouched'>,
  options: RehearseOptions,
  say: (line: string) => void,
  person: Person,
): Promise<[RunReport, ExitStatus]> {
  const { keep, keptUntil, on, update, watch, step } = options;
  const { interrupted: signal } = person;
  const before = [...phases.finished];
  // Whoever watches is at the page, and no forge.
  const environment = watch ? {} : process.env;
  const quiet = quietOfForge(environment);
  for (const words of quiet.begin) session.terminal.say(words);
  const exported = on ? await exportedOn(session.journals, on) : {};
  let left: Error | undefined;
  const report = await perform(session, {
    plan,
    host,
    facts: { name: replica.id, kind: replica.kind },
    identity,
    vouched,
    ...witnessOf(host, session),
    seeded: isSeeded(vouched.data),
    environment: replica.environment,
    localDirectory: localDirectoryOf(session.document, replica),
    blockVariables: variablesOf(session.document, replica),
    before,
    resumes: null,
    signal,
    ask: async () => 'assumed',
    ...(step ? { beforeBlock: (next) => askBeforeBlock(next, person) } : {}),
    pastExpectations: update || watch || false,
    left: exported,
    variables: valuesOf(exported),
    async after() {
      if (watch) return [];
      const leaving = keep ? keepReplica(replica, session.document, say, keptUntil) : takeDown();
      await leaving.catch((error: Error) => {
        left = error;
      });
      return phases.finished.slice(before.length);
    },
  }).catch(async (error) => {
    // What cannot be taken down now is swept up by the next rehearsal.
    await takeDown().catch(() => undefined);
    throw error;
  });
  const [line, status] = conclude(report, session.home, signal.aborted);
  session.terminal.say(line);
  // Whoever watches has just seen it, whoever updates is shown it as a diff, and whoever interrupted knows why.
  if (!watch && !update && !signal.aborted) {
    session.terminal.tellFailures(report);
    for (const words of waysToLook(report, session.document, options, replica.id))
      session.terminal.say(words);
  }
  for (const words of quiet.end) session.terminal.say(words);
  for (const words of await tellForge(report, environment)) session.terminal.say(words);
  // What cannot be taken down changes no verdict, but it is not well either.
  if (left && status === EXIT.passed) throw left;
  if (left) session.terminal.say(left.message);
  return [report, status];
}

/** What `--data` says. Throws CommandError where it is neither a size nor a dump of the runbook's database. */
async function dataOf(
  document: Document,
  { data: said, postgres }: Pick<RehearseOptions, 'data' | 'postgres'>,
): Promise<DataSize | Dump> {
  if (postgres && !document.frontMatter.database)
    throw new CommandError(EXIT.refused, `--postgres ${postgres}: the front matter names no \`database\``);
  if (isDataSize(said)) return said;
  if (!(said.includes('/') || said.endsWith('.dump')))
    throw new CommandError(
      EXIT.refused,
      `--data ${said} is neither ${DATA_SIZES.join(' nor ')}, nor a dump: its path has a slash, or ends in .dump`,
    );
  const target = await dumpTargetOf({ ...recipeOf(document), postgres: postgres ?? null });
  if (!target)
    throw new CommandError(
      EXIT.refused,
      `--data ${said}: the front matter names no \`database\` to restore it into`,
    );
  return orRefused(() => openDump(said, target));
}

/** The services that a replica will have. Throws CommandError where nothing says which, or where that cannot be read. */
const servicesIn = (document: Document): Promise<string[]> => orRefused(() => servicesOf(recipeOf(document)));

/** What keeps a replica from being made before anything runs is a problem of what was named. */
async function orRefused<Value>(look: () => Promise<Value>): Promise<Value> {
  try {
    return await look();
  } catch (error) {
    throw error instanceof ReplicaError ? new CommandError(EXIT.refused, error.message) : error;
  }
}

/** Whether what a replica was filled with, as far as that is recorded, is the seeded data. */
const isSeeded = (held: string | null): boolean => held === null || isDataSize(held);

const nameOf = (data: DataSize | Dump): string => (typeof data === 'string' ? data : data.name);

/** What a kept replica was filled with; null where that is not recorded any more. */
async function dataOfKept(journals: Journals, replica: string): Promise<string | null> {
  for await (const { started } of journals.beginnings())
    if (started.target.name === replica) return started.data;
  return null;
}

/** The whole document in its own order, or a procedure with what it needs; on a kept replica that has gone before. */
function planFor(document: Document, options: RehearseOptions, facts: HostFacts): Plan {
  const { all, alone, procedure, on } = options;
  const order = document.frontMatter.replica?.order ?? [];
  const make = () => {
    if (on || alone) return makePlan(document, procedure, facts);
    return all ? makeWholePlan(document, order, facts) : makeRehearsal(document, procedure, facts);
  };
  const made = orThrow(document, make());
  // What was rehearsed without what comes before it vouches for no run.
  const plan = alone && made.procedure !== 'main' ? { ...made, part: true } : made;
  if (!isPart(options)) return plan;
  const part = partOfPlan(plan, options);
  if ('refusal' in part) throw new CommandError(EXIT.refused, part.refusal);
  return part.plan;
}

function refuseBoth({ procedure, all }: RehearseOptions): void {
  if (!all || procedure === null) return;
  throw new CommandError(
    EXIT.refused,
    `--all rehearses every procedure, \`${procedure}\` too: leave one of them out`,
  );
}

function kindFor({ replica, through }: RehearseOptions): 'auto' | ReplicaKind {
  if (!through) return replica;
  if (replica !== 'embedded') return 'docker';
  throw new CommandError(EXIT.refused, '--through ssh needs a Docker replica: leave --replica embedded out');
}

function witnessOf(host: Host, { document }: Session): Pick<Performance, 'witness'> {
  const { database } = document.frontMatter;
  return database ? { witness: openWitness(() => host.inside(database.service).database(), database) } : {};
}

async function requireKept(home: string, id: string): Promise<void> {
  const kept = await keptReplicas(home);
  if (kept.includes(id)) return;
  const remedy = kept.length > 0 ? `there is ${kept.join(', ')}` : '`rehearse --keep` leaves one';
  throw new CommandError(EXIT.refused, `no replica ${id} was kept: ${remedy}`);
}

/** What the runs on a kept replica have exported, as later blocks of one run would see it. */
async function exportedOn(journals: Journals, replica: string): Promise<LeftVariables> {
  const runs = await earlierRuns(journals, replica);
  const all: LeftVariables = Object.assign({}, ...runs.reverse().map(({ variables }) => variables));
  return knownVariables(all, {});
}

/** How to look again at the first block that failed: on the replica, where that is still there, or else on another one. */
function waysToLook(
  { blocks }: RunReport,
  { path, blocks: known }: Document,
  { all, keep, on, replica, data, postgres, through }: RehearseOptions,
  id: string,
): string[] {
  const failed = blocks.find(isWrong);
  if (!failed) return [];
  // A plan that repeats a block gives it another name.
  const name = known.find(({ line }) => line === failed.line)?.name ?? failed.name;
  const words = [
    ...(replica === 'auto' ? [] : ['--replica', replica]),
    ...(data === 'small' ? [] : ['--data', data]),
    ...(postgres ? ['--postgres', postgres] : []),
    ...(through ? ['--through', through] : []),
  ];
  const there = on || keep ? [name, '--on', id] : [all ? '--all' : name, ...words, '--keep'];
  const note =
    on || keep ? 'on the replica as it is now' : 'with what comes before it, on a replica that stays';
  const command = [calledOn(path), 'rehearse', ...there.map(quote)].join(' ');
  return ['', `to look at it again, ${note}:`, `  ${command}`];
}

async function keepReplica(
  replica: Replica,
  document: Document,
  say: (line: string) => void,
  until: KeptUntil = 'removed',
): Promise<void> {
  await replica.keep(until);
  const { id, directory, ports, psql } = replica;
  const called = calledOn(document.path);
  say(`the replica is kept in ${directory}`);
  for (const [name, port] of Object.entries(ports)) say(`${name}: http://127.0.0.1:${port}`);
  if (psql) say(`look into its database with: ${psql}`);
  say(`rehearse a block on it with: ${called} rehearse BLOCK --on ${id}`);
  say(`remove it with: ${called} down ${id}`);
}
