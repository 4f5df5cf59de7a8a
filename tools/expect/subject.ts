/** One row, cell by cell as PostgreSQL prints it; null is SQL null. */
export type Row = (string | null)[];

export type Columns = { name: string; type: string }[];

/** What a statement gave. */
export interface ResultSet {
  columns: Columns;
  /** The rows, or the first of them where `truncated` says so. */
  rows: Row[];
  /** Rows returned, or touched by a statement that returns none; all of them, whether kept or not. */
  rowCount: number;
  /** Whether there were more rows than were kept: of those, `rows` says nothing. */
  truncated: boolean;
}

/** The beginning of a stream: enough for people and expectations, bounded whatever is printed. */
export interface Captured {
  text: string;
  /** All that was printed. */
  bytes: number;
  truncated: boolean;
}

/** What a shell block printed. */
export interface Printed {
  stdout: Captured;
  stderr: Captured;
}

/** What PostgreSQL refused a statement with. */
export interface Refusal {
  sqlstate: string;
  message: string;
}

/** Between two looks at the locks, so one that is held for less may go unseen: milliseconds. */
export const LOOKS_EVERY_MS = 50;

/** What was seen of the locks that a block's sessions held. */
export interface SeenLocks {
  held: HeldLock[];
  /** The longest time between two looks, of which a machine that has much to do makes more. */
  apartMs: number;
}

/** A lock that a block's sessions held on a table, for at most so long. */
export interface HeldLock {
  table: string;
  /** As SQL writes it, e.g. `ACCESS EXCLUSIVE`. */
  mode: string;
  ms: number;
}
