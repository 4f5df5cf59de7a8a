import pg from 'pg';
import { Problem } from './problem.ts';

/** Where a database is: a connection URL, or nothing where the PG* variables say it all. */
export interface Address {
  url: string | undefined;
  /** What the server shows as this session's name. */
  applicationName: string;
}

/**
 * The database that the command line means: `--url`, else DATABASE_URL, else PGDATABASE and its siblings. A
 * driver in the scheme, as SQLAlchemy writes it (`postgresql+asyncpg://`), is ignored. Throws Problem (2)
 * where none is named.
 */
export function addressOf(
  given: string | undefined,
  environment: NodeJS.ProcessEnv,
  applicationName: string,
): Address {
  const url = given || environment.DATABASE_URL || undefined;
  if (url === undefined && !environment.PGDATABASE) {
    throw new Problem(2, 'no database named: give --url or set DATABASE_URL');
  }
  return { url: url?.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:'), applicationName };
}

/**
 * A connected client; the caller ends it. Throws Problem: 2 for an unreadable URL, 3 where there is no
 * connection.
 */
export async function connect(address: Address): Promise<pg.Client> {
  const client = makeClient(address);
  // A lost connection also rejects the query under way, which is where it is reported.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Problem(3, `cannot connect to ${placeOf(client)}: ${reasonOf(error)}`);
  }
}

function makeClient({ url, applicationName }: Address): pg.Client {
  try {
    return new pg.Client({
      ...(url === undefined ? {} : { connectionString: url }),
      application_name: applicationName,
    });
  } catch {
    // Without the URL itself, which may hold a password.
    throw new Problem(2, 'cannot read the database URL: write postgresql://user@host:port/database');
  }
}

const placeOf = ({ host, port, database, user }: pg.Client) =>
  `database "${database}" on ${host.startsWith('/') ? `socket ${host}` : `${host}:${port}`} as "${user}"`;

/** Node reports a host of several addresses as an AggregateError with an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error says that a connection broke, or that the server ended it (SQLSTATE class 57P). */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code?.startsWith('57P') ?? false;
  return error instanceof Error && /Connection terminated|not queryable|ECONNRESET|EPIPE/.test(error.message);
}
