import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Container, change, until } from './container.ts';
import { type EngineState, recordProcesses } from './engine-state.ts';
import { closeEntry, enteredProcesses, openEntry } from './entry.ts';
import { DockerCommandError } from './errors.ts';
import { exitStatus } from './exit-status.ts';
import { createFirstDatabase } from './first-database.ts';
import { watchHealth } from './health.ts';
import { imageOf } from './images.ts';
import { captureLog, logPath } from './log.ts';
import { killProcesses, markProcess, signalProcess } from './processes.ts';
import { startMain } from './start.ts';

/** Runs a container's main process, unless it runs already. Throws ComposeError where it cannot start. */
export async function startContainer(engine: EngineState, container: Container): Promise<void> {
  if (container.state === 'running') return;
  change(container, { wanted: true, restarts: 0 });
  await launch(engine, container);
}

async function launch(engine: EngineState, container: Container): Promise<void> {
  if (engine.isEnding) throw new DockerCommandError('the replica goes away');
  const { service } = container;
  const child = await startMain(service, engine.services, engine.layout, container.id);
  const main = markProcess(child.pid as number);
  const health = service.healthCheck ? 'starting' : '';
  change(container, { state: 'running', health, main, startedAt: new Date(), exitCode: 0, healthOutput: '' });
  recordProcesses(engine);
  openEntry(engine, container);
  const streams = [child.stdout as Readable, child.stderr as Readable];
  captureLog(logPath(service.name, engine.layout), streams);
  for (const stream of streams) stream.on('data', () => container.changes.emit('output'));
  const spoken = new Promise((tell) => {
    for (const stream of streams) stream.once('data', tell);
  });
  child.once('exit', (code, signal) => void handleExit(engine, container, exitStatus(code, signal)));
  // It may have ended between its start and the line above.
  if (hasExited(child)) await handleExit(engine, container, exitStatus(child.exitCode, child.signalCode));
  if (imageOf(service) === 'postgres') {
    await createFirstDatabase(service, engine.layout, () => container.main === main);
  }
  if (container.main === main) void watchHealth(engine, container, spoken);
}

const hasExited = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** When the main process has ended, everything else in the container dies, as with a real one. */
async function handleExit(engine: EngineState, container: Container, exitCode: number): Promise<void> {
  if (!container.main) return;
  container.main = null;
  const entered = closeEntry(engine.layout, container.service.name);
  await killProcesses([...container.others, ...entered.processes], `${engine.layout.id}:${container.id}`);
  container.others = [];
  entered.forget();
  recordProcesses(engine);
  const again = shouldRestart(engine, container, exitCode);
  const lived = Date.now() - container.startedAt.getTime();
  const restarts = again ? container.restarts + 1 : container.restarts;
  change(container, {
    state: again ? 'restarting' : 'exited',
    health: '',
    healthOutput: '',
    exitCode,
    finishedAt: new Date(),
    restarts,
  });
  if (again) void restartLater(engine, container, lived > 10_000 ? 0 : restarts);
}

function shouldRestart(engine: EngineState, { service, wanted }: Container, exitCode: number): boolean {
  if (!wanted || engine.isEnding || service.restart === 'no') return false;
  return service.restart !== 'on-failure' || exitCode !== 0;
}

async function restartLater(engine: EngineState, container: Container, restarts: number): Promise<void> {
  await pause(Math.min(100 * 2 ** restarts, 10_000), undefined, { ref: false });
  if (container.state !== 'restarting' || !container.wanted || engine.isEnding) return;
  await launch(engine, container).catch((error: Error) => {
    change(container, { state: 'exited', exitCode: 128, healthOutput: error.message });
  });
}

/**
 * Stops a container: its stop signal, after `graceMs` (by default its `stop_grace_period`) SIGKILL to
 * everything in it. Returns when nothing of it runs.
 */
export async function stopContainer(
  engine: EngineState,
  container: Container,
  graceMs?: number,
): Promise<void> {
  change(container, { wanted: false });
  if (container.state === 'restarting') change(container, { state: 'exited' });
  if (container.state !== 'running') return;
  const { service, main } = container;
  const signal = service.stopSignal ?? (imageOf(service) === 'postgres' ? 'SIGINT' : 'SIGTERM');
  if (main) signalProcess(main.pid, signal);
  const timer = setTimeout(() => void killContainer(engine, container), graceMs ?? service.stopGraceMs);
  await until(container, ({ state }) => state !== 'running');
  clearTimeout(timer);
}

/** Kills everything in a container at once. It is then not started again by its restart policy. */
export async function killContainer(engine: EngineState, container: Container): Promise<void> {
  change(container, { wanted: false });
  const { main, others, service } = container;
  const entered = enteredProcesses(engine.layout, service.name);
  await killProcesses(
    [...(main ? [main] : []), ...others, ...entered],
    `${engine.layout.id}:${container.id}`,
  );
  await until(container, ({ state }) => state !== 'running');
}
