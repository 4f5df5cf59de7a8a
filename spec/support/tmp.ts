import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory that is gone when the calling test is. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'runbook-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A copy of a directory, without what rehearsals there have left; it is gone when the calling test is. */
export async function copyOf(directory: string): Promise<string> {
  const copy = join(await temporaryDirectory(), basename(directory));
  await cp(directory, copy, { recursive: true, filter: (path) => basename(path) !== '.runbook' });
  return copy;
}
