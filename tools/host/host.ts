import type { Duplex } from 'node:stream';
import { type DatabaseLogin, markOf } from './mark.ts';
import { afterMark, newMark } from './noise.ts';
import { relayTo } from './relay.ts';
import type { Start } from './start.ts';

/** A machine, in the directory of its compose project, or the inside of one of its containers. */
export interface Host {
  /** For messages: `this machine`, `minyic@192.168.0.190`, `service postgres`. */
  name: string;
  start: Start;
  /** The inside of a service's container: a host again. */
  inside(service: string): Host;
  /** A new byte stream to the PostgreSQL server that listens here, on its port 5432 of the loopback interface. */
  database(): Duplex;
  /** The services of the compose project; null where they cannot be told. */
  services(): Promise<string[] | null>;
  /**
   * The id of the replica that the login's server says it is; null where it is none. Throws CannotRun where it cannot
   * be asked.
   */
  mark(login: DatabaseLogin): Promise<string | null>;
  /** Ends connections; what they reach stays as it is. */
  close(): Promise<void>;
}

/** What kinds of host differ in; what is left out is as on any other. */
export type HostParts = Pick<Host, 'name' | 'start' | 'inside'> & Partial<Host>;

/** A host of its parts. */
export function makeHost(parts: HostParts): Host {
  const host: Host = {
    database: () => relayTo(parts.start),
    services: () => composeServices(parts.start),
    mark: (login) => markOf(() => host.inside(login.service).database(), login),
    close: async () => undefined,
    ...parts,
  };
  return host;
}

async function composeServices(start: Start): Promise<string[] | null> {
  const mark = newMark();
  const child = start(['sh', '-c', 'echo "$1"; exec docker compose config --services', 'sh', mark]);
  child.stdin.end();
  const chunks: Buffer[] = [];
  child.stderr.resume();
  for await (const chunk of child.stdout.pipe(afterMark(mark))) chunks.push(chunk as Buffer);
  const services = Buffer.concat(chunks).toString().split('\n').filter(Boolean);
  return services.length > 0 ? services : null;
}
