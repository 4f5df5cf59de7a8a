import type { Container } from './container.ts';
import type { EngineState } from './engine-state.ts';
import { imageName, imageOf } from './images.ts';
import type { ContainerState } from './protocol.ts';

/** A container as `docker compose ps` is to show it. */
export function describeContainer(engine: EngineState, container: Container): ContainerState {
  const { service, createdAt, startedAt, finishedAt, state, health, exitCode, id, name } = container;
  return {
    ...{ id, name, state, health, exitCode },
    service: service.name,
    image: imageName(service, engine.layout),
    command: commandOf(container),
    createdAt: createdAt.toISOString(),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    ports: service.ports,
  };
}

/** The official images, and Node's, put their own program before the command. */
function commandOf({ service }: Container): string {
  const entrypoint = service.entrypoint.length > 0 ? service.entrypoint : ['docker-entrypoint.sh'];
  const image = imageOf(service);
  const command =
    service.command.length === 0 && image !== 'program' ? [DEFAULT_COMMAND[image]] : service.command;
  return [...entrypoint, ...command].join(' ');
}

const DEFAULT_COMMAND = { postgres: 'postgres', redis: 'redis-server' };
