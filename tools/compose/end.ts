import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { closeEntries } from './entry.ts';
import { layoutOf, type ReplicaRecord, readEngineRecord } from './layout.ts';
import { isRunning, killProcesses, type ProcessMark, signalProcess } from './processes.ts';

/** How long servers may take to give back what outlives a SIGKILL: PostgreSQL's shared memory. */
const IMMEDIATE_SHUTDOWN_MS = 3000;

/**
 * Ends every process of a replica and removes all its directories: called by the engine itself, or when the engine
 * has ended. It is no error where some or all of them are gone.
 */
export async function endReplica(directory: string, record: ReplicaRecord): Promise<void> {
  const engine = readEngineRecord(directory);
  const processes = [...(engine?.processes ?? []), ...closeEntries(layoutOf(directory, record))];
  await quitServers(processes);
  await killProcesses(processes, `${record.id}:`);
  for (const path of [record.sockets, directory]) {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** SIGQUIT is PostgreSQL's immediate shutdown; a program that does not know it is ended by it. */
async function quitServers(processes: ProcessMark[]): Promise<void> {
  for (const mark of processes) if (isRunning(mark)) signalProcess(mark.pid, 'SIGQUIT');
  const deadline = Date.now() + IMMEDIATE_SHUTDOWN_MS;
  while (processes.some(isRunning) && Date.now() < deadline) await pause(10);
}
