import { randomBytes } from 'node:crypto';
import { bringUp } from './bring-up.ts';
import type { Service } from './compose-file.ts';
import { type EngineState, type Progress, recordProcesses, selectServices } from './engine-state.ts';
import { DockerCommandError } from './errors.ts';
import { containerMark, environmentOf, workingDirectory } from './images.ts';
import { isRunning, killProcesses, type ProcessMark } from './processes.ts';
import type { ExecContext } from './protocol.ts';

/** A command that is about to run in a container, and what is to be called with its process before it runs. */
export interface PendingExec {
  context: ExecContext;
  /** Writes the process down. Where the container is gone, kills the process and throws DockerCommandError. */
  register(mark: ProcessMark): Promise<void>;
}

/** For `docker compose exec`. Throws DockerCommandError where the service does not run. */
export function prepareExec(engine: EngineState, name: string): PendingExec {
  const container = engine.containers.get(name);
  const main = container?.main;
  if (!container || !main) throw new DockerCommandError(`service "${name}" is not running`);
  return {
    context: contextOf(engine, container.service, container.name, container.id),
    async register(mark) {
      if (container.main !== main) {
        await killProcesses([mark], `${engine.layout.id}:${container.id}`);
        throw new DockerCommandError(`service "${name}" is not running`);
      }
      container.others = [...container.others.filter(isRunning), mark];
      recordProcesses(engine);
    },
  };
}

/** For `docker compose run`: a container of its own, after what the service depends on is up. */
export async function prepareRun(
  engine: EngineState,
  name: string,
  dependencies: boolean,
  progress: Progress,
): Promise<PendingExec> {
  const [service] = selectServices(engine, [name]) as [Service];
  const needed = dependencies ? service.dependsOn.map((each) => each.service) : [];
  if (needed.length > 0)
    await bringUp(engine, needed, { wait: true, dependencies, recreate: false }, progress);
  const id = randomBytes(32).toString('hex');
  return {
    context: contextOf(engine, service, `${engine.layout.id}-${name}-run-${id.slice(0, 12)}`, id),
    async register(mark) {
      if (engine.isEnding) {
        await killProcesses([mark], `${engine.layout.id}:${id}`);
        throw new DockerCommandError('the replica goes away');
      }
      engine.oneOffs = [...engine.oneOffs.filter(isRunning), mark];
      recordProcesses(engine);
    },
  };
}

function contextOf(engine: EngineState, service: Service, name: string, containerId: string): ExecContext {
  const { services, layout } = engine;
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
