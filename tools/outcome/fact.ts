import type { StatementResult } from './output.ts';

/** What is recorded of a block while it runs, before it goes on: what became of it can be told by these. */
export type Fact = BegunFact | PreparedFact | LinkFact;

/**
 * The far side has answered, and is sent the script only after this is on disk. Without it, a started shell block has
 * surely not begun.
 */
export interface BegunFact {
  type: 'block-begun';
  /** The block's directory at the far side, below its state's; in a resumed run, that of the run that began it. */
  unit: string;
  /** Changes whenever the machine or the container there starts anew; null where nothing can tell. */
  boot: string | null;
}

/**
 * Statements of an `sql` block stand before their COMMIT, which is sent only after this is on disk: whether the
 * transaction of this number was committed tells later whether they are done.
 */
export interface PreparedFact {
  type: 'statement-prepared';
  /** Of the last statement of the transaction. */
  index: number;
  /**
   * As `pg_current_xact_id` says it; null where the statements have ended, or the statement of `index` may not stand in a
   * transaction and is about to begin: then `results` is empty.
   */
  xid: string | null;
  /** Where there is a number: the server's epoch that it belongs to. After a crash it may be given again. */
  epoch?: string | null;
  /** What came of the statements since the fact before, the last of them of `index`. */
  results: StatementResult[];
}

/** The connection to what a block runs on was lost, or came back; the block itself goes on. */
export interface LinkFact {
  type: 'link-changed';
  state: 'lost' | 'back';
  why: string;
}

/** One beginning of a block. */
export interface Beginning {
  /** The id of the run that began it. */
  run: string;
  name: string;
  /** From 1. */
  attempt: number;
}

/** A beginning whose end is in no journal, with what was recorded of it. */
export interface Begun extends Beginning {
  /** When it was started: ISO 8601, UTC. */
  at: string;
  /** Null where the far side had not answered yet. */
  answered: BegunFact | null;
  prepared: PreparedFact[];
}
