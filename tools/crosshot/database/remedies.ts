/** What to do about a refusal: of these SQLSTATEs and, where it is given, of a statement that begins so. */
interface Remedy {
  codes: string[];
  statement?: RegExp;
  say: string;
}

/** The first that fits is told. */
const REMEDIES: Remedy[] = [
  {
    codes: ['42501'],
    statement: /^create extension/i,
    say: 'As a superuser run CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; here, then try again.',
  },
  {
    codes: ['42501'],
    say: 'This role lacks the privilege. Connect as the owner of the tables, or as a superuser.',
  },
  {
    codes: ['42P07', '42701', '42710', '42723'],
    say: 'Half made: alembic_version does not know of this object. Drop it or restore the backup.',
  },
  {
    codes: ['55P03'],
    say: 'The lock was not to be had in time. Stop the services or end that session, then run this again.',
  },
  {
    codes: ['57014'],
    say:
      'Its time was over, or somebody cancelled it. SHOW statement_timeout tells the limit; without one: ' +
      'PGOPTIONS="-c statement_timeout=0".',
  },
  {
    codes: ['25006'],
    say:
      'This database takes no writes. If it is a standby (SELECT pg_is_in_recovery()), connect to its primary; ' +
      'else run this again with PGOPTIONS="-c default_transaction_read_only=off".',
  },
  {
    codes: ['53300'],
    say: 'All connections are taken. Stop the services or end sessions (see pg_stat_activity), then run this again.',
  },
  {
    codes: ['53100'],
    say: 'The server’s disk is full. Free some space there, then run this again.',
  },
  {
    codes: ['57P03'],
    say: 'The server is starting, stopping or recovering. Wait until pg_isready says yes, then run this again.',
  },
  {
    codes: ['42601'],
    statement: /\bcompression\b/i,
    say: 'The migrations need PostgreSQL 14 or newer.',
  },
  {
    codes: ['58P01', '0A000'],
    statement: /^create extension/i,
    say: 'The server lacks the contrib extensions: use an image or package that has them.',
  },
];

/** What to do about a refusal of a statement or of a connection; undefined where only the server's words tell. */
export function remedyFor(code: string | undefined, statement = ''): string | undefined {
  const fits = (one: Remedy) => one.codes.includes(code ?? '') && (one.statement?.test(statement) ?? true);
  return REMEDIES.find(fits)?.say;
}
