import { askHost } from './ask.ts';
import type { Host } from './host.ts';
import { behindMark, newMark, saidBehind } from './noise.ts';

/** How long a host may take to say which services run: it is asked when something has gone wrong already. */
const PATIENCE_MS = 10_000;

export interface ServiceStates {
  running: string[];
  stopped: string[];
}

/** Which services of a host's compose file run and which do not; null where it does not say so in ten seconds. */
export async function serviceStates(host: Host): Promise<ServiceStates | null> {
  const [all, running] = await Promise.all([
    namesSaid(host, ['docker', 'compose', 'config', '--services']),
    namesSaid(host, ['docker', 'compose', 'ps', '--services', '--filter', 'status=running']),
  ]);
  return all && running && { running, stopped: all.filter((name) => !running.includes(name)) };
}

/** The lines that a program prints, in order; null where it does not end well. */
async function namesSaid(host: Host, argv: string[]): Promise<string[] | null> {
  const mark = newMark();
  const answer = await askHost(host, behindMark(mark, argv), PATIENCE_MS);
  const said = answer?.code === 0 ? saidBehind(mark, answer.stdout) : null;
  return said?.split('\n').filter(Boolean).sort() ?? null;
}
