import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of the shared spec server. `url` is what `--url` and DATABASE_URL take. */
export interface SpecDatabase {
  name: string;
  url: string;
  /** A connected client that `drop` closes. */
  connect(): Promise<pg.Client>;
  /** Ends its clients: nobody may be connected to a database that others are copied from. */
  disconnect(): Promise<void>;
  drop(): Promise<void>;
}

const urlOf = (name: string) =>
  `postgresql://crosshot@localhost/${name}?host=${encodeURIComponent(inject('postgresSocketDirectory'))}`;

/** Makes a database (a copy of `template` where one is named) that belongs to the calling spec alone. */
export async function createDatabase(template = 'template1'): Promise<SpecDatabase> {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await inMaintenance((client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`));
  const clients: pg.Client[] = [];
  const disconnect = async () => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  };
  return {
    name,
    url: urlOf(name),
    async connect() {
      const client = new pg.Client({ connectionString: urlOf(name) });
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    disconnect,
    async drop() {
      await disconnect();
      await inMaintenance((client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
    },
  };
}

async function inMaintenance(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
