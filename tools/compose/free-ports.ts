import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * A free loopback port for each variable; one that the environment gives a number to keeps it. All are held
 * until the last is found, so that no two are the same.
 */
export async function findFreePorts(
  variables: string[],
  environment: Record<string, string | undefined>,
): Promise<Record<string, number>> {
  const held = await Promise.all(
    variables.map(async (variable) => {
      if (environment[variable]) return { variable, port: Number(environment[variable]), server: null };
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { variable, port: (server.address() as AddressInfo).port, server };
    }),
  );
  await Promise.all(held.map(({ server }) => server && once(server.close(), 'close')));
  return Object.fromEntries(held.map(({ variable, port }) => [variable, port]));
}
