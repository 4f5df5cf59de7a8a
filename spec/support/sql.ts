import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { SqlBlock } from '../../tools/document/document.ts';
import type { SqlRequest } from '../../tools/host/sql.ts';

/** A socket of the PostgreSQL server in whose socket directory it stands. */
export const socketOf = (directory: string): Socket => connect(join(directory, '.s.PGSQL.5432'));

/** To run a block that begins now; nobody records, watches or interrupts it. */
export const requestOf = (block: SqlBlock, given: Partial<SqlRequest> = {}): SqlRequest => ({
  block,
  beginning: { run: 'spec', name: block.name, attempt: 1 },
  begun: null,
  record: async () => undefined,
  onLine: () => undefined,
  signal: new AbortController().signal,
  ...given,
});
