import {
  CONTAINER_VARIABLE,
  isRunning,
  killProcesses,
  listOwners,
  markProcess,
  type ProcessMark,
} from '../compose/index.ts';

/**
 * What marks a block that runs on this machine, beside the runbook or as on the replica's host: the replica, and the
 * process that runs it. When the replica goes, so does the block; when only that process has ended, a sweep finds it.
 */
export function localMark(replica: string): Record<string, string> {
  const { pid, started } = markProcess(process.pid) as ProcessMark;
  return { [CONTAINER_VARIABLE]: `${replica}:local.${pid}.${started}.` };
}

/**
 * Ends the blocks whose rehearsal was killed, and all that they started. Where there is no /proc, as on macOS, marks
 * cannot be read: there a quiet block ends when it next prints.
 */
export async function endAbandonedBlocks(): Promise<void> {
  for (const owner of listOwners()) {
    const [, pid, started] = /:local\.(\d+)\.([^:]+)\.$/.exec(owner) ?? [];
    if (pid === undefined || started === undefined) continue;
    if (!isRunning({ pid: Number(pid), started })) await killProcesses([], owner);
  }
}
