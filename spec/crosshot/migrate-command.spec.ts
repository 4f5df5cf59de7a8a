import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SpecDatabase } from '../support/database.ts';
import { command } from './command.ts';
import { createBaseline } from './databases.ts';

let database: SpecDatabase;

beforeAll(async () => {
  database = await createBaseline();
});
afterAll(() => database.drop());

/** Runs migrate on the spec's database; what it printed and how it ended. */
async function migrate(...args: string[]) {
  const { stdout, stderr, exitCode } = await command('migrate', args, { DATABASE_URL: database.url });
  return { stdout, stderr, exitCode };
}

const done = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });
const [tables, links, views] = [
  'Temporal tables: extensions and the five new tables',
  'Temporal links: columns, foreign keys and indexes between old tables and new',
  'Temporal views: three views, a materialized view and four functions',
];

test('it goes up and down and says what it does, as Alembic does', async () => {
  expect(await migrate('current')).toEqual(done(''));
  expect(await migrate('upgrade', '+2')).toEqual(
    done(
      [
        `Running upgrade  -> 20260301_0100, ${tables}`,
        `Running upgrade 20260301_0100 -> 20260301_0200, ${links}`,
      ].join('\n'),
    ),
  );
  expect(await migrate('current')).toEqual(done('20260301_0200'));
  expect(await migrate('upgrade', 'head')).toEqual(
    done(`Running upgrade 20260301_0200 -> 20260301_0300, ${views}`),
  );
  expect(await migrate('upgrade', 'head')).toEqual(done(''));
  expect(await migrate('current')).toEqual(done('20260301_0300 (head)'));
  expect(await migrate('downgrade', '-3')).toEqual(
    done(
      [
        `Running downgrade 20260301_0300 -> 20260301_0200, ${views}`,
        `Running downgrade 20260301_0200 -> 20260301_0100, ${links}`,
        `Running downgrade 20260301_0100 -> , ${tables}`,
      ].join('\n'),
    ),
  );
  expect(await migrate('current')).toEqual(done(''));
});

test('history lists the newest revision first', async () => {
  expect(await migrate('history')).toEqual(
    done(
      [
        `20260301_0200 -> 20260301_0300 (head), ${views}`,
        `20260301_0100 -> 20260301_0200, ${links}`,
        `<base> -> 20260301_0100, ${tables}`,
      ].join('\n'),
    ),
  );
});

test('--sql prints a script and connects to nothing', async () => {
  const { stdout, exitCode } = await command('migrate', ['upgrade', 'head', '--sql']);
  expect(stdout.match(/^(BEGIN|COMMIT);$/gm)).toEqual(Array(3).fill(['BEGIN;', 'COMMIT;']).flat());
  expect(exitCode).toBe(0);
});

test.each(['postgresql', 'postgres', 'postgresql+asyncpg', 'POSTGRESQL'])(
  'the URL may begin with %s:',
  async (scheme) => {
    const url = database.url.replace('postgresql:', `${scheme}:`);
    expect(await command('migrate', ['current', '--url', url])).toMatchObject({ exitCode: 0, stderr: '' });
  },
);

describe('what goes wrong ends with its own status:', () => {
  test.each([
    ['no database is named', 2, 'no database named: give --url or set DATABASE_URL', ['current']],
    ['an unknown command', 2, "unknown command 'sideways'", ['sideways']],
    [
      'an unreadable URL',
      2,
      'cannot read the database URL',
      ['current', '--url', 'postgresql://a:secret@b:port/'],
    ],
    [
      'another database’s URL',
      2,
      'the database URL begins with mysql://, which is not PostgreSQL’s: write postgresql://user@host:port/database',
      ['current', '--url', 'mysql://a:secret@127.0.0.1:1/c'],
    ],
    [
      'what is no URL',
      2,
      'the database URL is no URL: write postgresql://user@host:port/database',
      ['upgrade', 'head', '--url', 'host=127.0.0.1 password=secret'],
    ],
    [
      'a URL without a user',
      2,
      'no user named: write postgresql://user@host:port/database, or set PGUSER',
      ['current', '--url', 'postgresql:///c'],
    ],
    ['a lock timeout that is no number', 2, 'Give seconds', ['upgrade', 'head', '--lock-timeout', 'soon']],
    [
      'no server',
      3,
      'connect ECONNREFUSED 127.0.0.1:1',
      ['current', '--url', 'postgresql://a:secret@127.0.0.1:1/c'],
    ],
  ])('%s: %i', async (_, status, message, args) => {
    const { exitCode, stderr, stdout } = await command('migrate', args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/secret|undefined/);
    expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
  });
  test('a revision that does not exist: 2', async () => {
    expect(await migrate('upgrade', 'nowhere')).toMatchObject({ exitCode: 2, stdout: '' });
  });
  test('a connection that the server ends: 3', async () => {
    const [client, other] = [await database.connect(), await database.connect()];
    await client.query('BEGIN; LOCK TABLE topics');
    const running = migrate('upgrade', 'head');
    const terminated = () =>
      other.query(`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'migrate' AND wait_event_type = 'Lock' AND datname = current_database()`);
    await vi.waitFor(async () => expect((await terminated()).rows).toHaveLength(1), { timeout: 120_000 });
    expect(await running).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('error: the connection to the database was lost: '),
    });
    await client.query('ROLLBACK');
    await migrate('downgrade', 'base');
  });
  test('a statement that fails: 1', async () => {
    await (await database.connect()).query('CREATE TABLE analysis_periods ()');
    expect(await migrate('upgrade', 'head')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        '20260301_0100_tables.up.sql:8:1: relation "analysis_periods" already exists',
      ),
    });
  });
});
