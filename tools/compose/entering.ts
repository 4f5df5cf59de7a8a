import { randomBytes } from 'node:crypto';
import { bringUp } from './bring-up.ts';
import type { Service } from './compose-file.ts';
import { DockerCommandError } from './errors.ts';
import { containerMark, environmentOf, workingDirectory } from './images.ts';
import { isRunning, killProcesses, type ProcessMark } from './processes.ts';
import type { Entrance } from './protocol.ts';
import { type Progress, recordProcesses, selectServices, type World } from './world.ts';

/** A way into a container, and what to call with the process that went in, before it runs anything. */
export interface Opening {
  entrance: Entrance;
  /** Writes the process down. Where the container is gone, kills the process and throws DockerCommandError. */
  admit(mark: ProcessMark): Promise<void>;
}

/** For `docker compose exec`. Throws DockerCommandError where the service does not run. */
export function openService(world: World, name: string): Opening {
  const container = world.containers.get(name);
  const main = container?.main;
  if (!container || !main) throw new DockerCommandError(`service "${name}" is not running`);
  return {
    entrance: entranceTo(world, container.service, container.name, container.id),
    async admit(mark) {
      if (container.main !== main) {
        await killProcesses([mark], `${world.layout.id}:${container.id}`);
        throw new DockerCommandError(`service "${name}" is not running`);
      }
      container.others = [...container.others.filter(isRunning), mark];
      recordProcesses(world);
    },
  };
}

/** For `docker compose run`: a container of its own, after what the service depends on is up. */
export async function openOneOff(
  world: World,
  name: string,
  dependencies: boolean,
  progress: Progress,
): Promise<Opening> {
  const [service] = selectServices(world, [name]) as [Service];
  const needed = dependencies ? service.dependsOn.map((each) => each.service) : [];
  if (needed.length > 0)
    await bringUp(world, needed, { wait: true, dependencies, recreate: false }, progress);
  const id = randomBytes(32).toString('hex');
  return {
    entrance: entranceTo(world, service, `${world.layout.id}-${name}-run-${id.slice(0, 12)}`, id),
    async admit(mark) {
      if (world.isEnding) {
        await killProcesses([mark], `${world.layout.id}:${id}`);
        throw new DockerCommandError('the replica goes away');
      }
      world.oneOffs = [...world.oneOffs.filter(isRunning), mark];
      recordProcesses(world);
    },
  };
}

function entranceTo(world: World, service: Service, name: string, containerId: string): Entrance {
  const { services, layout } = world;
  return {
    directory: workingDirectory(service, layout),
    environment: { ...environmentOf(service, services, layout), ...containerMark(containerId, layout) },
    workingDirectory: service.workingDirectory,
    name,
    containerId,
    entrypoint: service.entrypoint,
    command: service.command,
  };
}
