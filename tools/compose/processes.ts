import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** One process and no other: a recycled pid has another start time. */
export interface ProcessMark {
  pid: number;
  /** The system's own notation of when it started: comparable for equality only. */
  started: string;
}

interface ProcessRow extends ProcessMark {
  parent: number;
}

/** The variable that every process of a replica carries: `<replica id>:<container id>`, or what a block runs as. */
export const CONTAINER_VARIABLE = 'RUNBOOK_CONTAINER';

const isLinux = process.platform === 'linux';

/** The mark of a running process, or null where there is none of that pid (or only its unreaped remains). */
export function markProcess(pid: number): ProcessMark | null {
  const row = isLinux ? readLinuxRow(pid) : listPortable().find((each) => each.pid === pid);
  return row ? { pid: row.pid, started: row.started } : null;
}

/** Whether exactly this process still runs. */
export const isRunning = (mark: ProcessMark) => markProcess(mark.pid)?.started === mark.started;

/**
 * Kills what was started for a container, or for a whole replica: the marked processes, those whose
 * environment names the owner, and all descendants of either. Returns once none of them runs.
 */
export async function killProcesses(marks: ProcessMark[], owner: string): Promise<void> {
  for (let members = findMembers(marks, owner); members.length > 0; members = findMembers(marks, owner)) {
    for (const { pid } of members) signalProcess(pid, 'SIGKILL');
    await pause(10);
  }
}

/** Sends a signal; a process that has just ended is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** PostgreSQL and Redis overwrite their environment with a title, so marks and descent count besides it. */
function findMembers(marks: ProcessMark[], owner: string): ProcessRow[] {
  const rows = isLinux ? listLinux() : listPortable();
  const started = new Map(marks.map((mark) => [mark.pid, mark.started]));
  const members = new Set<number>();
  for (const row of rows) {
    if (started.get(row.pid) === row.started || namesOwner(row.pid, owner)) members.add(row.pid);
  }
  for (let grown = true; grown; ) {
    const before = members.size;
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
    grown = members.size > before;
  }
  return rows.filter((row) => members.has(row.pid) && row.pid !== process.pid);
}

function listLinux(): ProcessRow[] {
  return readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readLinuxRow(Number(name)) ?? []) : [],
  );
}

function readLinuxRow(pid: number): ProcessRow | null {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // The command's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, started] = [fields[0], fields[1], fields[19]];
  return started === undefined || state === 'Z' ? null : { pid, parent: Number(parent), started };
}

const namesOwner = (pid: number, owner: string) => ownerOf(pid)?.startsWith(owner) ?? false;

function ownerOf(pid: number): string | undefined {
  if (!isLinux) return undefined;
  const variables = readOrEmpty(`/proc/${pid}/environ`).split('\0');
  const found = variables.find((each) => each.startsWith(`${CONTAINER_VARIABLE}=`));
  return found?.slice(CONTAINER_VARIABLE.length + 1);
}

/** All that CONTAINER_VARIABLE says in the environment of a running process of this user. */
export const listOwners = (): Set<string> =>
  new Set(isLinux ? listLinux().flatMap(({ pid }) => ownerOf(pid) ?? []) : []);

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function listPortable(): ProcessRow[] {
  const table = execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, state, started] = /^(\d+) +(\d+) +(\S+) +(\S.*)$/.exec(line.trim()) ?? [];
    if (started === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), started }];
  });
}
