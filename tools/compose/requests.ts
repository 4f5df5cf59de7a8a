import { rm } from 'node:fs/promises';
import { bringUp, startOne, untilHealthy } from './bring-up.ts';
import type { Container } from './container.ts';
import { describeContainer } from './describe.ts';
import { DockerCommandError } from './errors.ts';
import { dataDirectory, imageOf } from './images.ts';
import { killContainer, stopContainer } from './lifecycle.ts';
import { logPath } from './log.ts';
import { killProcesses, signalProcess } from './processes.ts';
import type { Request } from './protocol.ts';
import { type Progress, recordProcesses, selectContainers, untilOrEnd, type World } from './world.ts';

/** The requests that have one answer and change nothing but containers. */
export type SimpleRequest = Exclude<Request, { ask: 'enter' | 'run' | 'keep' | 'end' }>;

/** Does what is asked. Throws DockerCommandError or ComposeError. */
export async function answerRequest(
  world: World,
  request: SimpleRequest,
  progress: Progress,
): Promise<unknown> {
  switch (request.ask) {
    case 'services':
      return world.services.filter(({ profiles }) => profiles.length === 0).map(({ name }) => name);
    case 'list':
      return selectContainers(world, request.services).map((each) => describeContainer(world, each));
    case 'wait':
      return await waitForExit(world, request.services);
    case 'up':
      return await bringUp(world, request.services, request, progress);
    case 'start':
      return await start(world, request.services, progress);
    case 'stop':
      return await stop(world, selectContainers(world, request.services), request.graceMs, progress);
    case 'restart':
      return await restart(world, selectContainers(world, request.services), request.graceMs, progress);
    case 'kill':
      return await kill(world, selectContainers(world, request.services), request.signal, progress);
    case 'remove':
      return await remove(world, selectContainers(world, request.services).filter(isStopped), progress);
    case 'down':
      return await takeDown(world, request, progress);
  }
}

const isStopped = ({ state }: Container) => state === 'created' || state === 'exited';

async function start(world: World, names: string[], progress: Progress): Promise<void> {
  const containers = selectContainers(world, names).reverse();
  const [missing] = containers.length === 0 ? world.services : [];
  if (missing)
    throw new DockerCommandError(`service "${names[0] ?? missing.name}" has no container to start`);
  for (const container of containers) {
    for (const { service, condition } of container.service.dependsOn) {
      const needed = world.containers.get(service);
      if (needed && condition === 'service_healthy') await untilHealthy(world, needed);
    }
    if (container.state !== 'running') await startOne(world, container, progress);
  }
}

/** Those that depend on others stop before what they depend on. */
async function stop(
  world: World,
  containers: Container[],
  graceMs: number | undefined,
  progress: Progress,
): Promise<void> {
  for (const container of containers) {
    progress(`Container ${container.name}  Stopping`);
    await stopContainer(world, container, graceMs);
    progress(`Container ${container.name}  Stopped`);
  }
}

async function restart(
  world: World,
  containers: Container[],
  graceMs: number | undefined,
  progress: Progress,
): Promise<void> {
  for (const container of containers) {
    progress(`Container ${container.name}  Restarting`);
    await stopContainer(world, container, graceMs);
  }
  for (const container of containers.reverse()) await startOne(world, container, progress);
}

async function kill(
  world: World,
  containers: Container[],
  signal: string,
  progress: Progress,
): Promise<void> {
  for (const container of containers.filter(({ main }) => main)) {
    progress(`Container ${container.name}  Killing`);
    if (signal === 'SIGKILL') await killContainer(world, container);
    else if (container.main) signalProcess(container.main.pid, signal as NodeJS.Signals);
    progress(`Container ${container.name}  Killed`);
  }
}

async function remove(world: World, containers: Container[], progress: Progress): Promise<string[]> {
  for (const container of containers) {
    progress(`Container ${container.name}  Removing`);
    world.containers.delete(container.service.name);
    await rm(logPath(container.service.name, world.layout), { force: true });
    progress(`Container ${container.name}  Removed`);
  }
  return containers.map(({ name }) => name);
}

async function takeDown(
  world: World,
  { volumes, graceMs }: { volumes: boolean; graceMs?: number },
  progress: Progress,
): Promise<void> {
  const containers = selectContainers(world, []);
  await stop(world, containers, graceMs, progress);
  await remove(world, containers, progress);
  await killProcesses(world.oneOffs, `${world.layout.id}:`);
  recordProcesses(world);
  if (!volumes) return;
  const servers = world.services.filter((service) => imageOf(service) !== 'program');
  for (const service of servers)
    await rm(dataDirectory(service, world.layout), { recursive: true, force: true });
  progress(`Volumes of ${world.layout.id}  Removed`);
}

async function waitForExit(world: World, names: string[]): Promise<number> {
  const running = selectContainers(world, names).filter((each) => !isStopped(each));
  if (running.length === 0) throw new DockerCommandError(`no containers for project "${world.layout.id}"`);
  const first = await Promise.race(
    running.map(async (container) => {
      await untilOrEnd(world, container, isStopped);
      return container;
    }),
  );
  return first.exitCode;
}
