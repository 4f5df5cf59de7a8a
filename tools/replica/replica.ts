import type { Stack } from '../compose/index.ts';
import type { Host } from '../host/host.ts';
import type { KeptUntil } from './kept-mark.ts';

/** What a replica is made from: the front matter's `replica` and `database`, with absolute paths. */
export interface ReplicaRecipe {
  /**
   * The compose file, or the directory that holds it, which is copied and becomes the replica's project directory; or what
   * is written where nobody has one.
   */
  stack: Stack;
  /** Variables of the compose file that each get a free loopback port of their own, e.g. `API_PORT`. */
  ports: string[];
  /** The service whose PostgreSQL server blocks speak to, e.g. `postgres`, and its role and database; null where there is none. */
  database: { service: string; user: string; name: string } | null;
  /** Where replicas live, one directory each: `.runbook/replicas` beside the runbook. */
  home: string;
  /** The major version of PostgreSQL that is taken in the place of the stack's own; null for that. */
  postgres?: string | null;
}

export type ReplicaKind = 'embedded' | 'docker';

/**
 * A stand-in for the host: the same compose file, with a project name, a directory and ports of its own.
 * The server answers `SHOW runbook.replica` with the replica's id; a real server has no such setting.
 */
export interface Replica {
  kind: ReplicaKind;
  /** Also the compose project name: `runbook-` and eight hexadecimal digits. */
  id: string;
  /** The project directory: where blocks on the host run. */
  directory: string;
  /** What a shell on the replica's host sees besides the caller's environment: PATH, COMPOSE_PROJECT_NAME, ports. */
  environment: Record<string, string>;
  /** The ports that were given to the recipe's `ports`, by variable name. */
  ports: Record<string, number>;
  /**
   * Starts the named services (all of them where none is named) and waits until each is healthy or, without a health check,
   * runs or has done its work, or until `signal` aborts. Throws ReplicaError or Interrupted.
   */
  up(services?: string[], signal?: AbortSignal): Promise<void>;
  /** This machine, as the host of the replica's containers. It needs no closing. */
  host: Host;
  /** The command that opens psql on the database for a person, whatever the directory; null where there is none. */
  psql: string | null;
  /** From now on it stays when its rehearsal has ended; with `ended`, no longer than the process that made it. */
  keep(until: KeptUntil): Promise<void>;
  /** Ends every process, frees every port and removes the directory. Safe to call twice, and after a failed `up`. */
  down(): Promise<void>;
}

/** A replica that could not be made, started or removed. `message` says what to do. */
export class ReplicaError extends Error {
  override name = 'ReplicaError';
}
