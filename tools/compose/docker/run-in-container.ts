import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Writable } from 'node:stream';
import { DockerCommandError } from '../errors.ts';
import { exitStatus } from '../exit-status.ts';
import { findProgram } from '../find-program.ts';
import { killProcesses, markProcess, type ProcessMark } from '../processes.ts';
import type { EngineConnection, ExecContext } from '../protocol.ts';

/** How a command is to run inside a container. */
export interface ExecOptions {
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
 * A shell that waits until the engine has written it down: it replaces itself by the command once something is
 * written to descriptor 3, and ends without having run anything where that is closed.
 */
const WAIT_FOR_REGISTRATION = 'read -r go <&3 || exit 137; exec 3<&-; exec "$@"';

/**
 * Runs a command inside a container with this process's own standard streams, and returns its exit status.
 * Killing this process does not end the command, as with Docker; the end of the container does.
 */
export async function runInContainer(
  connection: EngineConnection,
  context: ExecContext,
  options: ExecOptions,
): Promise<number> {
  const environment = environmentOf(context, options);
  const cwd = directoryOf(context, options.workingDirectory);
  checkProgram(options.words[0] ?? '', environment.PATH);
  const output = options.isDetached ? 'ignore' : 'inherit';
  const spawnOptions: SpawnOptions = {
    ...{ cwd, env: environment, detached: !options.hasTerminal },
    stdio: [options.hasInput ? 'inherit' : 'ignore', output, output, 'pipe'],
  };
  // Node's own spawn: the command has a session of its own, outlives this process, and waits on a fourth descriptor.
  const child = spawn('/bin/sh', ['-c', WAIT_FOR_REGISTRATION, 'sh', ...options.words], spawnOptions);
  await once(child, 'spawn');
  connection.register(markProcess(child.pid as number) as ProcessMark);
  await connection.answer();
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  release(child);
  connection.close();
  if (options.isDetached) {
    child.unref();
    return 0;
  }
  return exitStatus(...(await ended));
}

/** Lets the waiting shell run the command. Where it has ended meanwhile, its exit status says so. */
function release(child: ChildProcess): void {
  const descriptor = child.stdio[3] as Writable;
  descriptor.on('error', () => undefined);
  descriptor.end('go\n');
}

/** Variables given with `-e` reach the command alone: they stand in no process list. */
function environmentOf(context: ExecContext, options: ExecOptions): Record<string, string | undefined> {
  const given = options.variables.map((variable) => {
    const [name = '', ...value] = variable.split('=');
    return [name, variable.includes('=') ? value.join('=') : process.env[name]];
  });
  const user = options.user ? { PGUSER: options.user.split(':')[0] } : {};
  return { ...context.environment, ...user, ...Object.fromEntries(given) };
}

/** The container's working directory stands for another on this machine, and paths below the one for paths below the other. */
function directoryOf({ directory, workingDirectory }: ExecContext, wanted: string | undefined): string {
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
export const endOneOff = (replica: string, { containerId }: ExecContext) =>
  killProcesses([], `${replica}:${containerId}`);
