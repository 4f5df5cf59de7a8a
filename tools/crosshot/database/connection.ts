import pg from 'pg';
import { Failure } from '../failure.ts';
import { remedyFor } from './remedies.ts';

/** Where a database is: a connection URL, or nothing where the PG* variables say it all. */
export interface Address {
  url: string | undefined;
  /** What the server shows as this session's name. */
  applicationName: string;
}

const SCHEME = /^(postgres(?:ql)?)(\+\w+)?:\/\//i;

/**
 * The database that the command line means: `--url`, else DATABASE_URL, else PGDATABASE and its siblings. A
 * driver in the scheme, as SQLAlchemy writes it (`postgresql+asyncpg://`), is ignored. Throws Failure (2)
 * where none is named, or one that is not PostgreSQL's.
 */
export function addressOf(
  given: string | undefined,
  environment: NodeJS.ProcessEnv,
  applicationName: string,
): Address {
  const url = given || environment.DATABASE_URL || undefined;
  if (url === undefined && !environment.PGDATABASE) {
    throw new Failure(2, 'no database named: give --url or set DATABASE_URL');
  }
  if (url !== undefined && !SCHEME.test(url)) throw new Failure(2, notPostgres(url));
  return { url: url?.replace(SCHEME, '$1://'), applicationName };
}

const WRITE = 'write postgresql://user@host:port/database';

/** Without the URL itself, which may hold a password. */
function notPostgres(url: string): string {
  const scheme = /^[a-z][\w+.-]*:\/\//i.exec(url)?.[0];
  const why = scheme ? `begins with ${scheme}, which is not PostgreSQL’s` : 'is no URL';
  return `the database URL ${why}: ${WRITE} (postgres:// and postgresql+asyncpg:// mean the same)`;
}

/**
 * A connected client; the caller ends it. Throws Failure: 2 for an unreadable URL or one without a user, 3 where
 * there is no connection.
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
    const remedy = error instanceof pg.DatabaseError ? remedyFor(error.code) : undefined;
    const message = `cannot connect to ${placeOf(client)}: ${reasonOf(error)}`;
    throw new Failure(3, remedy ? `${message}\n  ${remedy}` : message);
  }
}

function makeClient(address: Address): pg.Client {
  const client = clientFor(address);
  if (client.user) return client;
  throw new Failure(2, `no user named: ${WRITE}, or set PGUSER`);
}

function clientFor({ url, applicationName }: Address): pg.Client {
  try {
    return new pg.Client({
      ...(url === undefined ? {} : { connectionString: url }),
      application_name: applicationName,
    });
  } catch {
    throw new Failure(2, `cannot read the database URL: ${WRITE}`);
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
