import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { Document } from '../document/document.ts';
import type { PhaseFinished } from '../journal/event.ts';
import { makeSecrets } from '../journal/secrets.ts';
import { makePlan, makeWholePlan, type Plan, type TargetFacts } from '../plan/plan.ts';
import { chooseReplica } from '../replica/choose.ts';
import { sweepDockerReplicas } from '../replica/docker/replica.ts';
import { sweepReplicas } from '../replica/embedded/sweep.ts';
import { reachDirectly, reachThroughSsh, type Way } from '../replica/reach.ts';
import { type Replica, ReplicaError, type ReplicaKind, type ReplicaRecipe } from '../replica/replica.ts';
import { seed } from '../replica/seed.ts';
import { type Screen, terminalReport } from '../report/terminal.ts';
import { openTarget } from '../target/open.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { orThrow } from './plan.ts';
import { readSoundDocument } from './read.ts';
import { conclude, conduct, type Session } from './session.ts';

export interface RehearseOptions {
  procedure: string | null;
  replica: 'auto' | ReplicaKind;
  /** `ssh`: to a host in a container, as the real run goes to the NAS; only a Docker replica can. */
  through?: 'ssh';
  data: 'small' | 'medium' | 'large';
  all: boolean;
  keep: boolean;
}

/** Brings a replica up, seeds it, runs the procedure, judges it, and takes the replica down again. */
export async function rehearse(
  path: string,
  options: RehearseOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const startedAt = new Date();
  const document = await readSoundDocument(path);
  const here = dirname(resolve(path));
  const recipe = recipeOf(document, here);
  const facts = await factsOf(recipe, 'embedded');
  const plan = planFor(document, options, facts);
  const session: Session = {
    document,
    home: join(here, '.runbook'),
    terminal: terminalReport(screen),
    secrets: makeSecrets(process.env),
    startedAt,
    resumes: null,
  };
  const phases = stopwatch();
  session.terminal.say(`Rehearsing ${path}: ${document.title}`);
  const say = (line: string) => session.terminal.say(`  ${line.trim()}`);
  await sweepReplicas(recipe.home, say);
  const kind = kindFor(options);
  if (kind !== 'embedded') await sweepDockerReplicas(recipe.home, say);
  const replica = await chooseReplica(kind, recipe, say);
  try {
    const target = await prepare(replica, document, here, options, facts, phases, session);
    const conducted = await conduct(session, plan, target, phases.finished, {
      signal,
      ask: async () => 'assumed',
    });
    await target.close();
    const stopped = options.keep ? [] : [await phases.time('stop', () => replica.down())];
    const report = await conducted.finish(stopped);
    const [line, status] = conclude(report, session.home, signal.aborted);
    session.terminal.say(line);
    return status;
  } finally {
    session.terminal.close();
    if (options.keep) await keep(replica, say);
    else await replica.down();
  }
}

/**
 * The whole document in its own order, the main procedure, or another one behind it: a rollback is rehearsed on what
 * it rolls back.
 */
function planFor(document: Document, { all, procedure }: RehearseOptions, facts: TargetFacts): Plan {
  if (all)
    return orThrow(document, makeWholePlan(document, document.frontMatter.replica?.order ?? [], facts));
  const alone = orThrow(document, makePlan(document, procedure, facts));
  const main = orThrow(document, makePlan(document, null, facts));
  const isMain = alone.steps.every(
    (step) =>
      step.kind === 'question' ||
      main.steps.some((one) => one.kind === 'block' && step.kind === 'block' && one.block === step.block),
  );
  return isMain ? alone : { procedure: alone.procedure, steps: [...main.steps, ...alone.steps] };
}

function kindFor({ replica, through }: RehearseOptions): 'auto' | ReplicaKind {
  if (!through) return replica;
  if (replica !== 'embedded') return 'docker';
  throw new CommandError(EXIT.refused, '--through ssh needs a Docker replica: leave --replica embedded out');
}

async function wayTo(
  replica: Replica,
  { frontMatter: { nas, database }, path }: Document,
  through: 'ssh' | undefined,
  say: (line: string) => void,
): Promise<Way> {
  if (!through) return reachDirectly(replica);
  if (!nas)
    throw new CommandError(EXIT.refused, `${path}:1:1: --through ssh needs \`nas\` in the front matter`);
  const way = await reachThroughSsh(replica, nas, database?.service ?? 'postgres', say);
  say(`  blocks go through SSH to ${way.door.name}`);
  return way;
}

async function keep(replica: Replica, say: (line: string) => void): Promise<void> {
  await replica.keep();
  say(`the replica is kept in ${replica.directory}`);
}

async function prepare(
  replica: Replica,
  document: Document,
  here: string,
  { data, through }: RehearseOptions,
  facts: TargetFacts,
  phases: Stopwatch,
  { terminal }: Session,
) {
  const { frontMatter } = document;
  const database = frontMatter.database;
  if (!database)
    throw new CommandError(
      EXIT.refused,
      `${document.path}:1:1: a rehearsal needs \`database\` in the front matter`,
    );
  const { duration_ms } = await phases.time('start', () => replica.up([database.service]));
  terminal.say(`  replica ${replica.id} (${replica.kind}) started in ${(duration_ms / 1000).toFixed(1)} s`);
  const files = (frontMatter.replica?.seed ?? []).map((file) =>
    resolve(here, file.replaceAll('{data}', data)),
  );
  const seeded = await phases.time('seed', async () => {
    await seed(() => replica.connectDatabase(), database, replica.id, files);
    await replica.up();
  });
  terminal.say(`  ${data} data seeded and every service up in ${(seeded.duration_ms / 1000).toFixed(1)} s`);
  return openTarget({
    facts: { ...facts, name: replica.id, kind: replica.kind },
    seeded: true,
    ...(await wayTo(replica, document, through, terminal.say)),
    localDirectory: here,
    environment: replica.environment,
    variables: variablesOf(document, replica),
    database,
    runbook: basename(document.path),
  });
}

/** The document's variables, with the replica's own where it says otherwise. */
function variablesOf({ frontMatter }: Document, replica: Replica): Record<string, string> {
  const filled = Object.entries(frontMatter.replica?.variables ?? {}).map(([name, value]) => [
    name,
    value.replaceAll(/\{(\w+)\}/g, (whole, port: string) => String(replica.ports[port] ?? whole)),
  ]);
  return { ...frontMatter.variables, ...(Object.fromEntries(filled) as Record<string, string>) };
}

function recipeOf({ frontMatter, path }: Document, here: string): ReplicaRecipe {
  const { replica, database } = frontMatter;
  if (!replica || !database) {
    throw new CommandError(
      EXIT.refused,
      `${path}:1:1: a rehearsal needs \`replica\` and \`database\` in the front matter`,
    );
  }
  return {
    stack: resolve(here, replica.stack),
    ports: replica.ports,
    database,
    home: join(here, '.runbook', 'replicas'),
  };
}

async function factsOf({ stack }: ReplicaRecipe, kind: ReplicaKind): Promise<TargetFacts> {
  const file = join(stack, 'compose.yaml');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ReplicaError(
      `${file}: there is no such file; the front matter’s replica.stack names its directory`,
    );
  });
  const { services } = parseYaml(text) as { services: Record<string, unknown> };
  return { name: 'replica', kind, services: Object.keys(services), terminal: false };
}

interface Stopwatch {
  finished: PhaseFinished[];
  time(phase: string, work: () => Promise<void>): Promise<PhaseFinished>;
}

function stopwatch(): Stopwatch {
  const finished: PhaseFinished[] = [];
  return {
    finished,
    async time(phase, work) {
      const since = performance.now();
      await work();
      const done: PhaseFinished = {
        type: 'phase-finished',
        at: new Date().toISOString(),
        phase,
        duration_ms: Math.round(performance.now() - since),
      };
      finished.push(done);
      return done;
    },
  };
}
