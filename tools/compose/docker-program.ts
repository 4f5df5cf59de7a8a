import { copyFile } from 'node:fs/promises';
import { compiled } from '../compile.mjs';

/** Writes the `docker` command as one plain JavaScript file, good for as long as the replica is. */
export async function writeDockerProgram(path: string): Promise<void> {
  await copyFile(await compiled('docker'), path);
}
