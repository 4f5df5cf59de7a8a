import pg from 'pg';

/** A database that can be put back: each test then starts from a state, not from what another left. */
export interface SavedStates {
  /** The client of the spec, connected anew after the database was another. */
  client(): Promise<pg.Client>;
  /** Rows of one query of that client. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Copies the database as it is now, whoever is connected to it. */
  save(state: string): Promise<void>;
  /** Makes the database the copy again, whoever is connected to it. */
  restore(state: string): Promise<void>;
  disconnect(): Promise<void>;
}

const MAINTENANCE = 'postgres';

/** The states of the database that `url` names, kept as databases beside it. */
export function savedStates(url: string): SavedStates {
  const name = new URL(url).pathname.slice(1);
  let connected: Promise<pg.Client> | undefined;
  const forget = () => {
    connected = undefined;
  };
  const client = () => {
    connected ??= connect(url).then((client) => client.once('error', forget).once('end', forget));
    return connected;
  };
  const disconnect = async () => {
    await (await connected)?.end();
    forget();
  };
  return {
    client,
    disconnect,
    async query(sql, values) {
      return (await (await client()).query(sql, values)).rows;
    },
    async save(state) {
      await disconnect();
      await maintain(url, [
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
        `DROP DATABASE IF EXISTS state_${state}`,
        `CREATE DATABASE state_${state} TEMPLATE ${name}`,
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
      ]);
    },
    async restore(state) {
      await disconnect();
      await maintain(url, [
        `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
        `CREATE DATABASE ${name} TEMPLATE state_${state}`,
      ]);
    },
  };
}

/** A connected client; that its database is dropped or its server ends does not bring the spec down. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Runs statements one by one in the database `postgres`, beside the one that `url` names. */
export async function maintain(url: string, statements: string[]): Promise<void> {
  const client = await connect(Object.assign(new URL(url), { pathname: `/${MAINTENANCE}` }).href);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
