import { dirname, join, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { checkJournalHome } from '../journal/journal.ts';
import { makeSecrets } from '../journal/secrets.ts';
import { makePlan, makeWholePlan, type Plan, type TargetFacts } from '../plan/plan.ts';
import { recipeOf, servicesOf } from '../replica/recipe.ts';
import type { Replica, ReplicaKind } from '../replica/replica.ts';
import { type Stage, setStage } from '../replica/stage.ts';
import { type Screen, terminalReport } from '../report/terminal.ts';
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

/** What compose says of each container: worth a glance while it lasts. */
const COMPOSE_PROGRESS = /^\s*(Container|Network|Volume) \S+ +\w+$/;

/** Brings a replica up, seeds it, runs the procedure, judges it, and takes the replica down again. */
export async function rehearse(
  path: string,
  options: RehearseOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const document = await readSoundDocument(path);
  refuseWithoutReplica(document);
  const services = await servicesOf(recipeOf(document));
  const plan = planFor(document, options, {
    name: 'the replica',
    kind: 'embedded',
    services,
    terminal: false,
  });
  const session = sessionOf(document, screen);
  await checkJournalHome(session.home);
  const say = (line: string) =>
    COMPOSE_PROGRESS.test(line)
      ? session.terminal.note(`  … ${line.trim()}`)
      : session.terminal.say(`  ${line.trim()}`);
  session.terminal.say(`Rehearsing ${path}: ${document.title}`);
  const { through, data } = options;
  const kind = kindFor(options);
  try {
    const stage = await setStage(document, { kind, through, data, signal }, say);
    return await rehearseOn(stage, session, plan, options, say, signal);
  } finally {
    session.terminal.close();
  }
}

async function rehearseOn(
  stage: Stage,
  session: Session,
  plan: Plan,
  { keep }: RehearseOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const { target, phases, replica } = stage;
  const asked = { signal, ask: async () => 'assumed' as const };
  const conducted = await conduct(session, plan, target, [...phases.finished], asked).catch(async (error) => {
    // What cannot be taken down now is swept up by the next rehearsal.
    await stage.strike().catch(() => undefined);
    throw error;
  });
  const before = phases.finished.length;
  const left = await (keep ? keepReplica(replica, say) : stage.strike()).catch((error: Error) => error);
  const report = await conducted.finish(phases.finished.slice(before));
  const [line, status] = conclude(report, session.home, signal.aborted);
  session.terminal.say(line);
  // What cannot be taken down changes no verdict, but it is not well either.
  if (left && status === EXIT.passed) throw left;
  if (left) session.terminal.say(left.message);
  return status;
}

const sessionOf = (document: Document, screen: Screen): Session => ({
  document,
  home: join(dirname(resolve(document.path)), '.runbook'),
  terminal: terminalReport(screen),
  secrets: makeSecrets(process.env),
  startedAt: new Date(),
  resumes: null,
});

function refuseWithoutReplica({ frontMatter, path }: Document): void {
  if (frontMatter.replica && frontMatter.database) return;
  const message = `${path}:1:1: a rehearsal needs \`replica\` and \`database\` in the front matter`;
  throw new CommandError(EXIT.refused, `${message}: add them, as the README shows under “Front matter”`);
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

async function keepReplica(replica: Replica, say: (line: string) => void): Promise<void> {
  await replica.keep();
  say(`the replica is kept in ${replica.directory}`);
  say(`remove it with: npm run -s runbook -- down ${replica.id}`);
}
