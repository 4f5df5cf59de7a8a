import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Service } from './compose-file.ts';
import type { ProcessMark } from './processes.ts';

/**
 * A service that was created: what Docker calls a container. Emits `change` whenever a field changes, and
 * `output` whenever its main process prints something.
 */
export interface Container {
  service: Service;
  id: string;
  name: string;
  state: 'created' | 'running' | 'restarting' | 'exited';
  health: '' | 'starting' | 'healthy' | 'unhealthy';
  exitCode: number;
  createdAt: Date;
  startedAt: Date;
  finishedAt: Date;
  /** The service's main process while it runs. */
  main: ProcessMark | null;
  /** What `exec` started in it and may still run. */
  others: ProcessMark[];
  /** Whether it is to run: a stopped one is not started again by its restart policy. */
  wanted: boolean;
  /** How often its restart policy has started it again since it was last asked to run. */
  restarts: number;
  /** What the last failed health check printed; empty where none has failed. */
  healthOutput: string;
  changes: EventEmitter;
}

/** A container that is not yet running. */
export function newContainer(service: Service, project: string): Container {
  const now = new Date();
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  return {
    service,
    id: randomBytes(32).toString('hex'),
    name: service.containerName ?? `${project}-${service.name}-1`,
    state: 'created',
    health: '',
    exitCode: 0,
    createdAt: now,
    startedAt: now,
    finishedAt: now,
    main: null,
    others: [],
    wanted: false,
    restarts: 0,
    healthOutput: '',
    changes,
  };
}

/** Changes fields and tells those who wait. */
export function change(container: Container, fields: Partial<Container>): void {
  Object.assign(container, fields);
  container.changes.emit('change');
}

/** Waits until `test` holds; it is asked at once and after each change. */
export async function until(container: Container, test: (container: Container) => boolean): Promise<void> {
  while (!test(container)) await once(container.changes, 'change');
}
