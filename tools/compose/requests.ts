import { rm } from 'node:fs/promises';
import { bringUp, startOne, untilHealthy } from './bring-up.ts';
import type { Container } from './container.ts';
import { describeContainer } from './describe.ts';
import {
  type EngineState,
  type Progress,
  recordProcesses,
  selectContainers,
  untilOrEnd,
} from './engine-state.ts';
import { DockerCommandError } from './errors.ts';
import { dataDirectory, imageOf } from './images.ts';
import { killContainer, stopContainer } from './lifecycle.ts';
import { logPath } from './log.ts';
import { killProcesses, signalProcess } from './processes.ts';
import type { Request } from './protocol.ts';

/** The requests that have one answer and change nothing but containers. */
export type SimpleRequest = Exclude<Request, { ask: 'exec' | 'run' | 'keep' | 'end' }>;

/** Does what is asked. Throws DockerCommandError or ComposeError. */
export async function answerRequest(
  engine: EngineState,
  request: SimpleRequest,
  progress: Progress,
): Promise<unknown> {
  switch (request.ask) {
    case 'services':
      return engine.services.filter(({ profiles }) => profiles.length === 0).map(({ name }) => name);
    case 'list':
      return selectContainers(engine, request.services).map((each) => describeContainer(engine, each));
    case 'wait':
      return await waitForExit(engine, request.services);
    case 'up':
      return await bringUp(engine, request.services, request, progress);
    case 'start':
      return await start(engine, request.services, progress);
    case 'stop':
      return await stop(engine, selectContainers(engine, request.services), request.graceMs, progress);
    case 'restart':
      return await restart(engine, request, progress);
    case 'kill':
      return await kill(engine, selectContainers(engine, request.services), request.signal, progress);
    case 'remove':
      return await remove(engine, selectContainers(engine, request.services).filter(isStopped), progress);
    case 'down':
      return await takeDown(engine, request, progress);
  }
}

const isStopped = ({ state }: Container) => state === 'created' || state === 'exited';

async function start(engine: EngineState, names: string[], progress: Progress): Promise<void> {
  const containers = selectContainers(engine, names).reverse();
  const [missing] = containers.length === 0 ? engine.services : [];
  if (missing)
    throw new DockerCommandError(`service "${names[0] ?? missing.name}" has no container to start`);
  for (const container of containers) {
    for (const { service, condition } of container.service.dependsOn) {
      const needed = engine.containers.get(service);
      if (needed && condition === 'service_healthy') await untilHealthy(engine, needed);
    }
    if (container.state !== 'running') await startOne(engine, container, progress);
  }
}

/** Those that depend on others stop before what they depend on. */
async function stop(
  engine: EngineState,
  containers: Container[],
  graceMs: number | undefined,
  progress: Progress,
): Promise<void> {
  for (const container of containers) {
    progress(`Container ${container.name}  Stopping`);
    await stopContainer(engine, container, graceMs);
    progress(`Container ${container.name}  Stopped`);
  }
}

async function restart(
  engine: EngineState,
  { services, graceMs }: { services: string[]; graceMs?: number },
  progress: Progress,
): Promise<void> {
  const containers = selectContainers(engine, services);
  for (const container of containers) {
    progress(`Container ${container.name}  Restarting`);
    await stopContainer(engine, container, graceMs);
  }
  for (const container of containers.reverse()) await startOne(engine, container, progress);
}

async function kill(
  engine: EngineState,
  containers: Container[],
  signal: string,
  progress: Progress,
): Promise<void> {
  for (const container of containers.filter(({ main }) => main)) {
    progress(`Container ${container.name}  Killing`);
    if (signal === 'SIGKILL') await killContainer(engine, container);
    else if (container.main) signalProcess(container.main.pid, signal as NodeJS.Signals);
    progress(`Container ${container.name}  Killed`);
  }
}

async function remove(engine: EngineState, containers: Container[], progress: Progress): Promise<string[]> {
  for (const container of containers) {
    progress(`Container ${container.name}  Removing`);
    engine.containers.delete(container.service.name);
    await rm(logPath(container.service.name, engine.layout), { force: true });
    progress(`Container ${container.name}  Removed`);
  }
  return containers.map(({ name }) => name);
}

async function takeDown(
  engine: EngineState,
  { volumes, graceMs }: { volumes: boolean; graceMs?: number },
  progress: Progress,
): Promise<void> {
  const containers = selectContainers(engine, []);
  await stop(engine, containers, graceMs, progress);
  await remove(engine, containers, progress);
  await killProcesses(engine.oneOffs, `${engine.layout.id}:`);
  recordProcesses(engine);
  if (!volumes) return;
  const servers = engine.services.filter((service) => imageOf(service) !== 'program');
  for (const service of servers)
    await rm(dataDirectory(service, engine.layout), { recursive: true, force: true });
  progress(`Volumes of ${engine.layout.id}  Removed`);
}

async function waitForExit(engine: EngineState, names: string[]): Promise<number> {
  const running = selectContainers(engine, names).filter((each) => !isStopped(each));
  if (running.length === 0) throw new DockerCommandError(`no containers for project "${engine.layout.id}"`);
  const first = await Promise.race(
    running.map(async (container) => {
      await untilOrEnd(engine, container, isStopped);
      return container;
    }),
  );
  return first.exitCode;
}
