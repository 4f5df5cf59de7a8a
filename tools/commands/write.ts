import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * Puts a text in the place of a document's, whole or not at all: a file beside it is written, brought to the disk and
 * renamed. Throws CommandError where its bytes are no longer those that were read, or where it cannot be written.
 */
export async function writeDocument({ path, sha256 }: Document, text: string): Promise<void> {
  const file = await realpath(resolve(path)).catch(() => {
    throw new CommandError(EXIT.failed, `${path} is not there any more, and is not written anew`);
  });
  const beside = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const { mode, uid, gid } = await stat(file);
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Root keeps a file its owner's; nobody else may, or has to.
    await chown(beside, uid, gid).catch(() => undefined);
    await chmod(beside, mode & 0o7777);
    const now = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    if (now !== sha256)
      throw new CommandError(EXIT.failed, `${path} has been changed since it was read, and is left as it is`);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    if (error instanceof CommandError) throw error;
    throw new CommandError(EXIT.cannotRun, `${path} cannot be written: ${(error as Error).message}`);
  }
}
