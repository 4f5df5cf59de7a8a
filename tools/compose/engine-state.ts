import type { Service } from './compose-file.ts';
import { type Container, until } from './container.ts';
import { DockerCommandError } from './errors.ts';
import { type Layout, writeEngineRecord } from './layout.ts';
import { markProcess, type ProcessMark } from './processes.ts';

/** All that one engine knows of its replica. */
export interface EngineState {
  layout: Layout;
  services: Service[];
  /** By service name; a service that was never started or has been removed has none. */
  containers: Map<string, Container>;
  /** Processes of one-off containers (`run`). */
  oneOffs: ProcessMark[];
  /** Set once, when the replica goes away: from then on nothing starts, and every wait ends with an error. */
  isEnding: boolean;
}

/** Is told what happens, a line at a time, in Docker's words. */
export type Progress = (line: string) => void;

/** The named services, or all that need no profile. Throws DockerCommandError for a name that is none. */
export function selectServices(engine: EngineState, names: string[]): Service[] {
  for (const name of names) {
    if (!engine.services.some((service) => service.name === name))
      throw new DockerCommandError(`no such service: ${name}`);
  }
  if (names.length === 0) return engine.services.filter(({ profiles }) => profiles.length === 0);
  return engine.services.filter(({ name }) => names.includes(name));
}

/** The existing containers of the named services, or of all, those that others depend on last. */
export function selectContainers(engine: EngineState, names: string[]): Container[] {
  selectServices(engine, names);
  const containers = [...engine.containers.values()].filter(
    ({ service }) => names.length === 0 || names.includes(service.name),
  );
  return containers.sort((a, b) => depth(engine, b.service) - depth(engine, a.service));
}

function depth(engine: EngineState, service: Service): number {
  const below = engine.services.filter(({ name }) =>
    service.dependsOn.some((needed) => needed.service === name),
  );
  return 1 + Math.max(0, ...below.map((each) => depth(engine, each)));
}

/** Writes down every process that must not outlive the replica. */
export function recordProcesses(engine: EngineState): void {
  const self = markProcess(process.pid);
  if (!self) return;
  const contained = [...engine.containers.values()].flatMap(({ main, others }) =>
    main ? [main, ...others] : others,
  );
  writeEngineRecord(engine.layout.directory, { engine: self, processes: [...contained, ...engine.oneOffs] });
}

/** Like `until`, but throws DockerCommandError as soon as the replica goes away. */
export async function untilOrEnd(
  engine: EngineState,
  container: Container,
  test: (container: Container) => boolean,
): Promise<void> {
  await until(container, (each) => engine.isEnding || test(each));
  if (engine.isEnding) throw new DockerCommandError('the replica goes away');
}
