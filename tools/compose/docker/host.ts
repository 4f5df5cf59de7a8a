import { DockerCommandError } from '../errors.ts';
import type { Layout } from '../layout.ts';
import { ask, type Request } from '../protocol.ts';

/** What a `docker` command is called with: its replica, and whose terminal it writes to. */
export interface Host {
  layout: Layout;
  /** Where it is called. */
  directory: string;
  /** The compose project that its caller's environment names, which is the replica's own where it names none. */
  project: string;
  /** Writes to its standard output. */
  print(text: string): void;
  /** Writes to its standard error; `text` may have several lines, and no end of the last. */
  say(text: string): void;
}

/** Asks the replica's engine; what it does meanwhile goes to standard error, as with Docker. */
export async function command(host: Host, request: Request): Promise<unknown> {
  return await ask(host.layout.engineSocket, request, (line) => host.say(` ${line}`));
}

/** A whole number of seconds as milliseconds. Throws DockerCommandError (16) where it is none. */
export function secondsToMs(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text))
    throw new DockerCommandError(`invalid argument "${text}" for "${option}": seconds`, 16);
  return Number(text) * 1000;
}
