import getPort from 'get-port';
import type { Service } from './compose-file.ts';
import { imageOf } from './images.ts';

/** A server in an address, such as `redis://cache:6379/0` or `postgres://shop:secret@db/shop`. */
const ADDRESS = /\/\/(?:[^@/\s]{1,300}@)?([\w.-]{1,100})/g;

/**
 * A port of 127.0.0.1 for each server that must listen on one: since the compose file publishes it, or since a service
 * is given its address. The others are reached by their sockets alone.
 */
export async function serverPortsOf(services: readonly Service[]): Promise<Record<string, number>> {
  const called = new Set(
    services.flatMap(({ environment }) =>
      Object.values(environment).flatMap((value) => [...value.matchAll(ADDRESS)].map(([, host]) => host)),
    ),
  );
  const servers = services.filter((service) => imageOf(service) !== 'program');
  const ports: Record<string, number> = {};
  for (const {
    name,
    ports: [published],
  } of servers) {
    if (published) ports[name] = published.host;
    else if (called.has(name)) ports[name] = await getPort({ host: '127.0.0.1' });
  }
  return ports;
}
