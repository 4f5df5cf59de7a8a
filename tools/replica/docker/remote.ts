import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { relayTo } from '../../host/relay.ts';
import type { Start } from '../../host/start.ts';
import { findFreePorts } from '../../machine/free-ports.ts';
import { quote } from '../../text/quote.ts';
import { ReplicaError } from '../replica.ts';
import { docker } from './docker.ts';

/** Where the ports of an engine's containers are, for this machine. */
export interface Reached {
  /** Ports of this machine, by the names of the recipe's. */
  ports: Record<string, number>;
  /** Ends what leads there. */
  end(): Promise<void>;
}

/**
 * Leads ports of this machine to those that an engine's containers publish. On this machine they are the same; an engine
 * beyond SSH publishes them on its own, so that OpenSSH's client leads there, for as long as this process lives, also where
 * its server forbids forwarding. Throws ReplicaError where the engine is elsewhere and no way leads to its ports.
 */
export async function reachPorts(published: Record<string, number>): Promise<Reached> {
  const names = Object.keys(published);
  const here = { ports: published, end: async () => undefined };
  if (names.length === 0) return here;
  const endpoint = await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  const address = /^ssh:\/\/(.+)$/.exec(endpoint)?.[1];
  if (address !== undefined) return tunnel(address, published, await findFreePorts(names, {}));
  if (!/^tcp:\/\/(?!(?:127\.[\d.]+|localhost|\[::1\])(?::|$))/.test(endpoint)) return here;
  throw new ReplicaError(
    `the engine at ${endpoint} publishes ${names.join(', ')} on its own machine, where blocks on this one cannot go: ` +
      'reach it through SSH, as in DOCKER_HOST=ssh://user@host, or rehearse with --replica embedded',
  );
}

/** A port of this machine for each of the far ones; every connection is one of OpenSSH's client, which may share one. */
async function tunnel(
  address: string,
  far: Record<string, number>,
  near: Record<string, number>,
): Promise<Reached> {
  const [, host = '', port] = /^(.*?)(?::(\d{1,5}))?\/?$/.exec(address) ?? [];
  const options = ['-T', '-o', 'BatchMode=yes', ...(port ? ['-p', port] : [])];
  const start: Start = (argv) =>
    spawn('ssh', [...options, '--', host, argv.map(quote).join(' ')], { detached: true });
  const servers = Object.entries(far).map(([name, there]) => {
    const server = createServer((socket) => {
      const stream = relayTo(start, there);
      // Who is called sees the end of it; what went wrong is the caller's to find.
      for (const one of [socket, stream])
        one.on('error', () => [socket, stream].map((each) => each.destroy()));
      socket.pipe(stream).pipe(socket);
    });
    // What keeps this process alive is the rehearsal alone.
    return server.listen(near[name], '127.0.0.1').unref();
  });
  await Promise.all(servers.map((server) => server.listening || once(server, 'listening')));
  return {
    ports: near,
    async end() {
      for (const server of servers) server.close();
    },
  };
}
