import { readdirSync, readFileSync } from 'node:fs';

/** The process ids of a process's children. */
export const childrenOf = (parent: number): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name stands in parentheses and may hold spaces and parentheses itself.
      return Number(stat.slice(stat.lastIndexOf(') ') + 4).split(' ')[0]) === parent;
    } catch {
      return false;
    }
  });

/** A process that has just ended is no error. */
export function kill(pids: string[], signal: NodeJS.Signals = 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(Number(pid), signal);
    } catch {
      // It has just ended.
    }
  }
}
