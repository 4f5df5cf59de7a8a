import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, markProcess, type ProcessMark } from '../compose/index.ts';

/** How long a replica that is kept stays: until a person removes it, or for as long as the process lives that made it. */
export type KeptUntil = 'removed' | 'ended';

const KEPT = 'kept';
const FOR_GOOD = 'Removed by hand only.\n';

/** Marks a replica's directory as one that stays when its rehearsal has ended. */
export async function keepDirectory(home: string, until: KeptUntil): Promise<void> {
  const mark = until === 'removed' ? FOR_GOOD : `${JSON.stringify(markProcess(process.pid))}\n`;
  await writeFile(join(home, KEPT), mark);
}

/** Whether a replica's directory is to stay. A mark that cannot be read takes nothing away. */
export function isKept(home: string): boolean {
  try {
    const text = readFileSync(join(home, KEPT), 'utf8');
    return text.startsWith('{') ? isRunning(JSON.parse(text) as ProcessMark) : true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
