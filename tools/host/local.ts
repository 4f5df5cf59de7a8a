import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { quote } from '../text/quote.ts';
import { containerHost } from './container.ts';
import { type Host, makeHost } from './host.ts';

export interface LocalOptions {
  directory: string;
  /** Added to the caller's environment. */
  environment?: Record<string, string>;
  /** Opens a stream to the server of a service, where there is a shorter way than through its container. */
  connect?: (service: string) => Duplex;
}

/** This machine. */
export function localHost({ directory, environment = {}, connect }: LocalOptions): Host {
  const host: Host = makeHost({
    name: 'this machine',
    // A session of its own: Ctrl-C reaches the run, which decides what to end and how.
    start: ([program = '', ...args]) =>
      spawn(program, args, { cwd: directory, env: { ...process.env, ...environment }, detached: true }),
    typed: (argv) => `cd ${quote(directory)} && ${argv.map(quote).join(' ')}`,
    inside(service) {
      const container = containerHost(host, service);
      return connect ? { ...container, database: () => connect(service) } : container;
    },
  });
  return host;
}
