import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this tool keeps what it can fetch or find again, for every project of this user. */
export const userCache = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'testable-runbook');
