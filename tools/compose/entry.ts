/**
 * The way of `docker compose exec` into a running service that starts no Node: the `docker` script takes it for the
 * plain form of the command (docker-script.ts). In a replica's directory `entries`:
 *
 *     running/<service>/   as long as the service runs
 *         facts            what the script looks at, a line each: the engine's process, the directory, the PATH
 *         <mark>/<mark>    an empty file for each process that has entered, below the mark of the main process
 *     enter/<service>      a script that writes itself down there, and becomes the command
 *     <random>/            what was below `running`, until what had entered has ended
 *
 * A directory is moved before what is written in it is read. So whoever comes too late can write nothing and does not
 * begin, and whoever came in time is known.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './container.ts';
import { enterScript } from './docker-script.ts';
import type { EngineState } from './engine-state.ts';
import { containerMark, environmentOf, workingDirectory } from './images.ts';
import { type Layout, writeWhole } from './layout.ts';
import type { ProcessMark } from './processes.ts';

/**
 * What a shell changes or refuses when it is set, or acts upon when it is there at its start: with such a variable, a
 * service is entered by Node.
 */
const OF_SHELLS =
  /^(_|BASH.*|CDPATH|COLUMNS|COMP_.*|DIRSTACK|ENV|E?UID|FUNC.*|GROUPS|HIST.*|IFS|LINENO|LINES|MAIL.*|OLDPWD|OPT.*|PIPESTATUS|POSIX.*|PPID|PS\d|PWD|RANDOM|REPLY|SECONDS|SH.*|SRANDOM|TMOUT)$/;

/** Lets commands into a container that runs; again where what they are given may have changed. */
export function openEntry({ services, layout }: EngineState, { service, id, main }: Container): void {
  if (process.platform !== 'linux' || !main) return;
  const directory = workingDirectory(service, layout);
  const environment: Record<string, string> = {
    ...environmentOf(service, services, layout),
    ...containerMark(id, layout),
  };
  const facts = [String(process.pid), directory, environment.PATH ?? ''];
  const names = Object.keys(environment);
  if (facts.some((fact) => fact.includes('\n'))) return;
  if (!names.every((name) => /^[A-Za-z_]\w*$/.test(name) && !OF_SHELLS.test(name))) return;
  const home = join(layout.entries, 'running', service.name);
  const processes = join(home, `${main.pid}.${main.started}`);
  const scripts = join(layout.entries, 'enter');
  for (const path of [processes, scripts]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const script = enterScript({ environment, processes, openFiles: openFiles(), layout });
  // There may be passwords among the variables.
  writeWhole(join(scripts, service.name), script, 0o600);
  writeWhole(join(home, 'facts'), facts.map((fact) => `${fact}\n`).join(''), 0o600);
}

/** As many files as a service's main process may open: Node takes as many as it is allowed. */
const openFiles = () =>
  /^Max open files +(\w+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 'unlimited';

/** What has entered a container that runs, and may have ended since. */
export const enteredProcesses = ({ entries }: Layout, service: string): ProcessMark[] =>
  marksBelow(join(entries, 'running', service));

/** What had entered where nothing more may, and may have ended since; and what is to be called once it has. */
export interface ClosedEntry {
  processes: ProcessMark[];
  forget(): void;
}

/** Lets nothing more into a service, or into any of the replica. */
export function closeEntry({ entries }: Layout, service = ''): ClosedEntry {
  const place = join(entries, randomBytes(8).toString('hex'));
  try {
    renameSync(join(entries, 'running', service), place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return {
    processes: marksBelow(place),
    forget: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** All that has entered a replica, of services that run and of those that an engine was about to end. */
export function closeEntries(layout: Layout): ProcessMark[] {
  closeEntry(layout);
  return marksBelow(layout.entries);
}

function marksBelow(directory: string): ProcessMark[] {
  try {
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    return names.flatMap((name) => {
      const [, pid, started] = /(?:^|\/)(\d+)\.(\d+)$/.exec(name) ?? [];
      return started === undefined ? [] : [{ pid: Number(pid), started }];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
