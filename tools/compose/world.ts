import type { Service } from './compose-file.ts';
import { type Container, until } from './container.ts';
import { DockerCommandError } from './errors.ts';
import { type Layout, writeEngineRecord } from './layout.ts';
import { markProcess, type ProcessMark } from './processes.ts';

/** All that one engine knows of its replica. */
export interface World {
  layout: Layout;
  services: Service[];
  /** By service name; a service that was never started or has been removed has none. */
  containers: Map<string, Container>;
  /** Processes of one-off containers (`run`). */
  oneOffs: ProcessMark[];
  /** Set once, when the replica goes away: nothing starts any more, and nobody waits any longer. */
  isEnding: boolean;
}

/** Says what happens, one line each, in Docker's words. */
export type Progress = (line: string) => void;

/** The named services, or all that need no profile. Throws DockerCommandError for a name that is none. */
export function selectServices(world: World, names: string[]): Service[] {
  for (const name of names) {
    if (!world.services.some((service) => service.name === name))
      throw new DockerCommandError(`no such service: ${name}`);
  }
  if (names.length === 0) return world.services.filter(({ profiles }) => profiles.length === 0);
  return world.services.filter(({ name }) => names.includes(name));
}

/** The existing containers of the named services, or of all, those that others depend on last. */
export function selectContainers(world: World, names: string[]): Container[] {
  selectServices(world, names);
  const containers = [...world.containers.values()].filter(
    ({ service }) => names.length === 0 || names.includes(service.name),
  );
  return containers.sort((a, b) => depth(world, b.service) - depth(world, a.service));
}

function depth(world: World, service: Service): number {
  const below = world.services.filter(({ name }) =>
    service.dependsOn.some((needed) => needed.service === name),
  );
  return 1 + Math.max(0, ...below.map((each) => depth(world, each)));
}

/** Writes down every process that must not outlive the replica. */
export function recordProcesses(world: World): void {
  const engine = markProcess(process.pid);
  if (!engine) return;
  const contained = [...world.containers.values()].flatMap(({ main, others }) =>
    main ? [main, ...others] : others,
  );
  writeEngineRecord(world.layout.directory, { engine, processes: [...contained, ...world.oneOffs] });
}

/** Like `until`, but throws DockerCommandError as soon as the replica goes away. */
export async function untilOrEnd(
  world: World,
  container: Container,
  test: (container: Container) => boolean,
): Promise<void> {
  await until(container, (each) => world.isEnding || test(each));
  if (world.isEnding) throw new DockerCommandError('the replica goes away');
}
