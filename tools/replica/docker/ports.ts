import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A free loopback port for each name, all different. */
export async function freePorts(names: string[]): Promise<Record<string, number>> {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Object.fromEntries(names.map((name, index) => [name, ports[index] as number]));
}
