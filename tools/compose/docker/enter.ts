import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Writable } from 'node:stream';
import { DockerCommandError } from '../errors.ts';
import { exitStatus } from '../exit-status.ts';
import { findProgram } from '../find-program.ts';
import { killProcesses, markProcess, type ProcessMark } from '../processes.ts';
import type { Conversation, Entrance } from '../protocol.ts';

/** How a command is to run inside a container. */
export interface Visit {
  words: string[];
  /** `NAME=value`, or `NAME` for the caller's own value. */
  variables: string[];
  workingDirectory: string | undefined;
  user: string | undefined;
  /** Whether the command gets the caller's standard input. */
  hasInput: boolean;
  /** Whether a terminal may stay its controlling terminal. */
  hasTerminal: boolean;
  /** Whether to return as soon as it runs. */
  isDetached: boolean;
}

/**
 * Waits with its hands off until it is admitted: it replaces itself by the command once something is written
 * to descriptor 3, and ends without having done anything when that closes.
 */
const GATE = 'read -r go <&3 || exit 137; exec 3<&-; exec "$@"';

/**
 * Runs a command inside a container with this process's own standard streams, and returns its exit status.
 * Killing this process does not end the command, as with Docker; the end of the container does.
 */
export async function enter(conversation: Conversation, entrance: Entrance, visit: Visit): Promise<number> {
  const environment = environmentOf(entrance, visit);
  const cwd = directoryOf(entrance, visit.workingDirectory);
  checkProgram(visit.words[0] ?? '', environment.PATH);
  const output = visit.isDetached ? 'ignore' : 'inherit';
  const options: SpawnOptions = {
    ...{ cwd, env: environment, detached: !visit.hasTerminal },
    stdio: [visit.hasInput ? 'inherit' : 'ignore', output, output, 'pipe'],
  };
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', ...visit.words], options);
  await once(child, 'spawn');
  conversation.say(markProcess(child.pid as number) as ProcessMark);
  await conversation.answer();
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  openGate(child);
  conversation.close();
  if (visit.isDetached) {
    child.unref();
    return 0;
  }
  return exitStatus(...(await ended));
}

function openGate(child: ChildProcess): void {
  const gate = child.stdio[3] as Writable;
  gate.on('error', () => undefined);
  gate.end('go\n');
}

/** Variables given with `-e` reach the command alone: they stand in no process list. */
function environmentOf(entrance: Entrance, visit: Visit): Record<string, string | undefined> {
  const given = visit.variables.map((variable) => {
    const [name = '', ...value] = variable.split('=');
    return [name, variable.includes('=') ? value.join('=') : process.env[name]];
  });
  const user = visit.user ? { PGUSER: visit.user.split(':')[0] } : {};
  return { ...entrance.environment, ...user, ...Object.fromEntries(given) };
}

/** The container's working directory is another on this machine; what lies below it lies below that one. */
function directoryOf({ directory, workingDirectory }: Entrance, wanted: string | undefined): string {
  const inside = relative(workingDirectory ?? directory, wanted ?? workingDirectory ?? directory);
  const isInside = !isAbsolute(inside) && !inside.startsWith('..');
  const path = isInside ? join(directory, inside) : (wanted ?? directory);
  if (existsSync(path)) return path;
  throw new DockerCommandError(
    `OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd ("${wanted}") ` +
      'set in config.json failed: no such file or directory: unknown',
    126,
  );
}

function checkProgram(name: string, path: string | undefined): void {
  if (findProgram(name, path)) return;
  throw new DockerCommandError(
    'OCI runtime exec failed: exec failed: unable to start container process: ' +
      `exec: "${name}": executable file not found in $PATH: unknown`,
    126,
  );
}

/** Ends what a one-off container's command left behind. */
export const endOneOff = (replica: string, { containerId }: Entrance) =>
  killProcesses([], `${replica}:${containerId}`);
