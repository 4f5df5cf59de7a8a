import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEPT = 'kept';

/** Marks a replica's directory as one that stays when its rehearsal has ended. */
export async function keepDirectory(home: string): Promise<void> {
  await writeFile(join(home, KEPT), 'Removed by hand only.\n');
}

/** Whether a replica's directory is to stay. */
export const isKept = (home: string): boolean => existsSync(join(home, KEPT));
