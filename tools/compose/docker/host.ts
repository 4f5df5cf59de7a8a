import { DockerCommandError } from '../errors.ts';
import type { Layout } from '../layout.ts';
import { ask, type Request } from '../protocol.ts';

/** The replica that a `docker` command belongs to. */
export interface Host {
  layout: Layout;
}

/** Asks the replica's engine; what it does meanwhile goes to standard error, as with Docker. */
export async function command(host: Host, request: Request): Promise<unknown> {
  return await ask(host.layout.engineSocket, request, (line) => process.stderr.write(` ${line}\n`));
}

/** A whole number of seconds as milliseconds. Throws DockerCommandError (16) where it is none. */
export function secondsToMs(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text))
    throw new DockerCommandError(`invalid argument "${text}" for "${option}": seconds`, 16);
  return Number(text) * 1000;
}
