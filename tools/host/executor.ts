import type { Block } from '../document/document.ts';
import type { Output } from '../outcome/output.ts';
import type { TargetFacts } from '../plan/plan.ts';

/** A block to run now, with what it sees and who listens. */
export interface RunRequest {
  block: Block;
  /** What earlier blocks exported and captured; it wins over the target's own variables. */
  variables: Record<string, string>;
  /** Each line as it is printed: for a person who watches. */
  onLine: (line: string) => void;
  /** Aborted when the person interrupts: what runs is ended, wherever it runs. */
  signal: AbortSignal;
}

/** Where blocks run. The only part of a run that waits for the outside. */
export interface Target {
  facts: TargetFacts;
  /** Of the PostgreSQL server, e.g. `14.23`; null where there is none to ask. */
  serverVersion: string | null;
  /** Whether its data are the seeded ones, so that examples can be judged. */
  seeded: boolean;
  /** What `on=local` blocks see besides their environment; DATABASE_URL among it holds the proxy's password. */
  variables: Record<string, string>;
  /** Runs a block to its end. Throws CannotRun where it could not be tried or its end is unknown. */
  run(request: RunRequest): Promise<Output>;
  /** Why what blocks run on is not there any more, in a sentence; null where it is. */
  lost(): Promise<string | null>;
  /** Closes connections; what they reach stays as it is. */
  close(): Promise<void>;
}
