import type { Condition, Service } from './compose-file.ts';
import { type Container, newContainer } from './container.ts';
import { type EngineState, type Progress, selectServices, untilOrEnd } from './engine-state.ts';
import { ComposeError, DockerCommandError } from './errors.ts';
import { startContainer, stopContainer } from './lifecycle.ts';
import { logPath, readLog } from './log.ts';

/** A service that starts again and again is given up after this many times. */
const MOST_RESTARTS = 3;

export interface BringUp {
  /** Waits until every named service is healthy, or runs where it has no health check. */
  wait: boolean;
  /** Also starts what the services depend on. */
  dependencies: boolean;
  recreate: boolean;
}

/**
 * Starts services in the order of their dependencies, side by side where they have none.
 * Throws ComposeError with the last log lines of the service that failed.
 */
export async function bringUp(
  engine: EngineState,
  names: string[],
  options: BringUp,
  report: Progress,
): Promise<void> {
  const progress = withoutRepeats(report);
  const started = new Map<string, Promise<Container>>();
  const start = (service: Service): Promise<Container> => {
    const running = started.get(service.name) ?? startAfterDependencies(service);
    started.set(service.name, running);
    return running;
  };
  const startAfterDependencies = async (service: Service): Promise<Container> => {
    const needed = options.dependencies ? service.dependsOn : [];
    await Promise.all(needed.map((each) => reach(engine, start, each, progress)));
    const container = await createContainer(engine, service, options.recreate, progress);
    await startOne(engine, container, progress);
    return container;
  };
  const wanted = selectServices(engine, names);
  const containers = await allOrFirstFailure(wanted.map(start));
  if (!options.wait) return;
  await allOrFirstFailure(containers.map((container) => untilHealthy(engine, container)));
  for (const { name, health } of containers) if (health) progress(`Container ${name}  Healthy`);
}

/** What several services wait for is said once. */
function withoutRepeats(progress: Progress): Progress {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) progress(line);
    said.add(line);
  };
}

/** Nothing is left running behind the caller's back when one of several fails. */
async function allOrFirstFailure<Value>(promises: Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}

async function reach(
  engine: EngineState,
  start: (service: Service) => Promise<Container>,
  needed: { service: string; condition: Condition },
  progress: Progress,
): Promise<void> {
  const service = engine.services.find(({ name }) => name === needed.service) as Service;
  const container = await start(service);
  if (needed.condition === 'service_started') return;
  progress(`Container ${container.name}  Waiting`);
  if (needed.condition === 'service_healthy') await untilHealthy(engine, container);
  else await untilCompleted(engine, container);
  progress(`Container ${container.name}  ${needed.condition === 'service_healthy' ? 'Healthy' : 'Exited'}`);
}

/** The service's container; a new one where it has none, or where compose.yaml says something else by now. */
async function createContainer(
  engine: EngineState,
  service: Service,
  recreate: boolean,
  progress: Progress,
): Promise<Container> {
  const existing = engine.containers.get(service.name);
  const isSame = existing && JSON.stringify(existing.service) === JSON.stringify(service);
  if (isSame && !recreate) return existing;
  if (existing) await stopContainer(engine, existing);
  const container = newContainer(service, engine.layout.id);
  engine.containers.set(service.name, container);
  progress(`Container ${container.name}  ${existing ? 'Recreated' : 'Created'}`);
  return container;
}

/** Starts a container and says so; a running one is only named. */
export async function startOne(engine: EngineState, container: Container, progress: Progress): Promise<void> {
  if (container.state === 'running') {
    progress(`Container ${container.name}  Running`);
    return;
  }
  progress(`Container ${container.name}  Starting`);
  await startContainer(engine, container);
  progress(`Container ${container.name}  Started`);
}

/**
 * Waits until a container is healthy or, without a health check, runs or has done its work.
 * Throws ComposeError.
 */
export async function untilHealthy(engine: EngineState, container: Container): Promise<void> {
  const isWell = ({ state, health }: Container) =>
    state === 'running' && (health === '' || health === 'healthy');
  const isDone = ({ state, exitCode, service }: Container) =>
    state === 'exited' && exitCode === 0 && !service.healthCheck;
  const hasFailed = (each: Container) =>
    (each.state === 'exited' && !isDone(each)) ||
    each.health === 'unhealthy' ||
    each.restarts >= MOST_RESTARTS;
  await untilOrEnd(engine, container, (each) => isWell(each) || isDone(each) || hasFailed(each));
  if (hasFailed(container)) throw await failure(engine, container);
}

async function untilCompleted(engine: EngineState, container: Container): Promise<void> {
  await untilOrEnd(engine, container, ({ state }) => state === 'exited');
  if (container.exitCode !== 0) throw await failure(engine, container);
}

async function failure(engine: EngineState, container: Container): Promise<Error> {
  const { name, state, exitCode, healthOutput, service } = container;
  const what = state === 'running' ? 'is unhealthy' : `exited (${exitCode})`;
  const lines = (await readLog(logPath(service.name, engine.layout), { tail: 20 })).lines.map(
    ({ text }) => `  ${text}`,
  );
  const told = healthOutput ? [`its health check says: ${healthOutput}`] : [];
  const logged = lines.length > 0 ? [`the last lines of service "${service.name}":`, ...lines] : [];
  const message = [`container ${name} ${what}`, ...told, ...logged].join('\n');
  return engine.isEnding ? new DockerCommandError(message) : new ComposeError(message);
}
