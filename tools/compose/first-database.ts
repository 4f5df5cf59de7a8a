import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Service } from './compose-file.ts';
import { passwordOf, postgresSocketDirectory } from './images.ts';
import type { Layout } from './layout.ts';

/**
 * Does what the postgres image does at its first start: creates the database POSTGRES_DB, and gives the superuser his
 * password. Tries until the
 * server takes connections, or until `isRunning` says that there is none any more.
 */
export async function createFirstDatabase(
  service: Service,
  layout: Layout,
  isRunning: () => boolean,
): Promise<void> {
  const user = service.environment.POSTGRES_USER ?? 'postgres';
  const name = service.environment.POSTGRES_DB ?? user;
  while (isRunning()) {
    const client = new pg.Client({
      host: postgresSocketDirectory(service.name, layout),
      user,
      database: 'postgres',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      const password = client.escapeLiteral(passwordOf(service));
      if (layout.serverPorts[service.name] !== undefined)
        await client.query(`ALTER ROLE ${client.escapeIdentifier(user)} PASSWORD ${password}`);
      return;
    } catch (error) {
      // Until it listens the socket is missing, and until it has recovered the server says 57P03.
      const { code } = error as { code?: string };
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED' && code !== 'ECONNRESET' && code !== '57P03')
        throw error;
      await pause(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
