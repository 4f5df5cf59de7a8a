import { hostname } from 'node:os';
import { isRunning, markProcess } from '../../compose/index.ts';

/** Labels of everything of ours on an engine. They alone decide what a sweep removes. */
export const LABEL = {
  replica: 'runbook.replica',
  owner: 'runbook.owner',
  directory: 'runbook.directory',
  built: 'runbook.built',
} as const;

/** The process that made something, by its machine and its start, as process numbers come again. */
export interface Owner {
  host: string;
  pid: number;
  started: string;
}

/** This process. */
export const thisOwner = (): Owner => ({
  host: hostname(),
  pid: process.pid,
  started: markProcess(process.pid)?.started ?? '',
});

/** Labels for what belongs to the replica `id` in `directory`. */
export const labelsFor = (id: string, directory: string): Record<string, string> => ({
  [LABEL.replica]: id,
  [LABEL.owner]: JSON.stringify(thisOwner()),
  [LABEL.directory]: directory,
});

/** Whether an owner is of this machine and has ended. What cannot be read or is elsewhere counts as alive. */
export function hasEnded(label: string): boolean {
  try {
    const { host, pid, started } = JSON.parse(label) as Owner;
    return host === hostname() && !isRunning({ pid, started });
  } catch {
    return false;
  }
}
