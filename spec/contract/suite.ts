import type { RunRequest } from '../../tools/host/executor.ts';
import type { ShellOutput, SqlOutput } from '../../tools/outcome/output.ts';
import type { Opened } from './hosts.ts';

export const MB = 1024 * 1024;

/** What the cases of the contract are given: a host that is open when they run, and fences on it. */
export interface Suite {
  opened(): Opened;
  /** Runs a `sh` fence in a place; `attributes` stand behind `on`, e.g. `timeout=1s`. */
  sh(on: string, text: string, more?: Partial<RunRequest>, attributes?: string): Promise<ShellOutput>;
  /** Runs an `sql` fence. */
  sql(text: string, more?: Partial<RunRequest>, attributes?: string): Promise<SqlOutput>;
}
