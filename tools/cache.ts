import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where this tool keeps what it can fetch or find again, for every project of this user. */
export const userCache = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'testable-runbook');

/**
 * Keeps what can be made again: whole or not at all, as another process may keep the same at this moment. Where nothing can
 * be kept, nothing is said. `hidden` is for its owner alone to read.
 */
export function keep(path: string, text: string, { hidden = false } = {}): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true, ...(hidden && { mode: 0o700 }) });
    try {
      writeFileSync(draft, text, hidden ? { mode: 0o600 } : {});
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch {
    // A full disk, or a directory that is another's, is no reason to do without the rest.
  }
}
