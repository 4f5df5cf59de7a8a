import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { HealthCheck } from './compose-file.ts';
import { type Container, change } from './container.ts';
import { exitStatus } from './exit-status.ts';
import { containerMark, environmentOf, workingDirectory } from './images.ts';
import type { World } from './world.ts';

/** How often it is asked until it is well, whatever the interval: starting should not wait for a timer. */
const STARTING_INTERVAL_MS = 100;
/** The least time between two checks of a service that is well: they cost a process each. */
const STEADY_INTERVAL_MS = 5000;

/** Checks a container's health from its start to its end, and keeps `health` and `complaint` up to date. */
export async function watchHealth(world: World, container: Container): Promise<void> {
  const { main, startedAt, service } = container;
  const check = service.healthCheck;
  if (!check) return;
  const patienceMs = check.startPeriodMs + check.retries * check.intervalMs;
  let failures = 0;
  while (container.main === main) {
    const complaint = await probe(world, container, check);
    if (container.main !== main || world.isEnding) return;
    failures = complaint === null ? 0 : failures + 1;
    const isTired =
      container.health === 'starting'
        ? Date.now() - startedAt.getTime() > patienceMs
        : failures >= check.retries;
    if (complaint === null) change(container, { health: 'healthy', complaint: '' });
    else if (isTired) change(container, { health: 'unhealthy', complaint });
    else container.complaint = complaint;
    await pause(intervalMs(container, check), undefined, { ref: false });
  }
}

function intervalMs({ health }: Container, { intervalMs }: HealthCheck): number {
  if (health === 'starting') return Math.min(intervalMs, STARTING_INTERVAL_MS);
  return health === 'healthy' ? Math.max(intervalMs, STEADY_INTERVAL_MS) : intervalMs;
}

/** Runs the check once: null where it is well, else what it printed. */
async function probe(world: World, container: Container, check: HealthCheck): Promise<string | null> {
  const { layout, services } = world;
  const [file = '', ...args] = check.test;
  const child = spawn(file, args, {
    cwd: workingDirectory(container.service, layout),
    env: { ...environmentOf(container.service, services, layout), ...containerMark(container.id, layout) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: check.timeoutMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 4096) said += text;
    });
  }
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return exitStatus(code, signal) === 0 ? null : said.trim() || `exit status ${exitStatus(code, signal)}`;
  } catch (error) {
    return (error as Error).message;
  }
}
