import { askHost } from './ask.ts';
import type { Host } from './host.ts';

/** How long a host may take to say which services run: it is asked when something has gone wrong already. */
const PATIENCE_MS = 10_000;

export interface ServiceStates {
  running: string[];
  stopped: string[];
}

/** Which services of a host's compose file run and which do not; null where it does not say so in ten seconds. */
export async function serviceStates(host: Host): Promise<ServiceStates | null> {
  const [all, up] = await Promise.all([
    askHost(host, ['docker', 'compose', 'config', '--services'], PATIENCE_MS),
    askHost(host, ['docker', 'compose', 'ps', '--services', '--filter', 'status=running'], PATIENCE_MS),
  ]);
  if (all?.code !== 0 || up?.code !== 0) return null;
  const names = (text: string) => text.split('\n').filter(Boolean).sort();
  const running = names(up.stdout);
  return { running, stopped: names(all.stdout).filter((name) => !running.includes(name)) };
}
