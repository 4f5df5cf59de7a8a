import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { HealthCheck } from './compose-file.ts';
import { type Container, change } from './container.ts';
import type { EngineState } from './engine-state.ts';
import { exitStatus } from './exit-status.ts';
import { containerMark, environmentOf, workingDirectory } from './images.ts';

/** How often it is asked at most until it is well, whatever the interval: starting should not wait for a timer. */
const STARTING_INTERVAL_MS = 100;
/** How long a service that says nothing is left alone at first: most say when they are up, and a check takes a process. */
const FIRST_CHECK_MS = 1000;
/** How many times longer than a check the pause behind it is: it takes a processor from the service that is to start. */
const STARTING_PAUSE = 3;
/** The least time between two checks of a service that is well: they cost a process each. */
const STEADY_INTERVAL_MS = 10_000;
/** As much of a failed check's output is kept, in characters, as Docker keeps. */
const MOST_OUTPUT = 4096;

/**
 * Checks a container's health from its first word, which `spoken` is, to its end, and keeps `health` and `healthOutput`
 * up to date.
 */
export async function watchHealth(
  engine: EngineState,
  container: Container,
  spoken: Promise<unknown>,
): Promise<void> {
  const { main, startedAt, service } = container;
  const check = service.healthCheck;
  if (!check) return;
  const graceMs = check.startPeriodMs + check.retries * check.intervalMs;
  let failures = 0;
  await Promise.race([spoken, wait(Math.min(check.intervalMs, FIRST_CHECK_MS))]);
  while (container.main === main) {
    const begun = performance.now();
    const heard = new AbortController();
    const output = once(container.changes, 'output', { signal: heard.signal }).catch(() => undefined);
    const healthOutput = await probe(engine, container, check);
    if (container.main !== main || engine.isEnding) return heard.abort();
    failures = healthOutput === null ? 0 : failures + 1;
    const hasFailed =
      container.health === 'starting'
        ? Date.now() - startedAt.getTime() > graceMs
        : failures >= check.retries;
    if (healthOutput === null) change(container, { health: 'healthy', healthOutput: '' });
    else if (hasFailed) change(container, { health: 'unhealthy', healthOutput });
    else container.healthOutput = healthOutput;
    await untilNext(container, check, performance.now() - begun, output);
    heard.abort();
  }
}

const wait = (ms: number) => pause(ms, undefined, { ref: false });

/**
 * Waits until it is checked again, which took so long. One that starts is checked as soon as it has printed something
 * since: most say when they are up.
 */
async function untilNext(
  { health }: Container,
  { intervalMs }: HealthCheck,
  tookMs: number,
  output: Promise<unknown>,
): Promise<void> {
  if (health !== 'starting')
    return wait(health === 'healthy' ? Math.max(intervalMs, STEADY_INTERVAL_MS) : intervalMs);
  await wait(Math.min(intervalMs, STARTING_INTERVAL_MS));
  await Promise.race([output, wait(Math.min(intervalMs, STARTING_PAUSE * tookMs))]);
}

/** Runs the check once: null where it is well, else what it printed. */
async function probe(engine: EngineState, container: Container, check: HealthCheck): Promise<string | null> {
  const { layout, services } = engine;
  const [file = '', ...args] = check.test;
  const { failed, all, exitCode, signal, originalMessage } = await execa(file, args, {
    cwd: workingDirectory(container.service, layout),
    env: { ...environmentOf(container.service, services, layout), ...containerMark(container.id, layout) },
    ...{ extendEnv: false, reject: false, stdin: 'ignore', all: true, cleanup: false },
    ...{ timeout: check.timeoutMs, killSignal: 'SIGKILL' },
  });
  if (!failed) return null;
  if (exitCode === undefined && signal === undefined) return originalMessage ?? 'it cannot be started';
  return all.slice(0, MOST_OUTPUT).trim() || `exit status ${exitStatus(exitCode ?? null, signal ?? null)}`;
}
