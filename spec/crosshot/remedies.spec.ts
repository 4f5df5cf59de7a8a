import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { initCluster, own, postgresPrograms, settingArguments } from '../../tools/compose/index.ts';
import type { SpecDatabase } from '../support/database.ts';
import { describeWithDocker } from '../support/requires.ts';
import { command } from './command.ts';
import { createBaseline, createMigrated } from './databases.ts';
import { addContent, addTopic } from './seed.ts';

/*
 * What a server refuses for reasons of its own is told with its SQLSTATE and with what to do, by migrate and backfill
 * alike; and doing that helps.
 */

const COMMANDS = { migrate: ['upgrade', 'head'], backfill: [] as string[] };
type Name = keyof typeof COMMANDS;
const NAMES = Object.keys(COMMANDS) as Name[];

let database: SpecDatabase;

/** A database that the command has something to do on. */
async function prepared(name: Name): Promise<pg.Client> {
  database = await (name === 'migrate' ? createBaseline() : createMigrated());
  const client = await database.connect();
  const topic = await addTopic(client, { last_crawl_at: '2025-01-03T12:00:00Z' });
  await addContent(client, { topic_id: topic });
  return client;
}

async function run(name: Name, url: string, environment: Record<string, string> = {}, ...more: string[]) {
  const { exitCode, stderr } = await command(name, [...COMMANDS[name], ...more], {
    DATABASE_URL: url,
    ...environment,
  });
  return { exitCode, stderr };
}

const refused = (exitCode: number, ...told: string[]) => ({
  exitCode,
  stderr: expect.stringMatching(new RegExp(`^error: .*${told.join('.*\n(.*\n)*  ')}`)),
});

describe.each(NAMES)('%s', (name) => {
  afterEach(() => database.drop());

  test('on a database that is set to be read-only', async () => {
    const client = await prepared(name);
    await client.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    expect(await run(name, database.url)).toEqual(
      refused(1, 'SQLSTATE 25006', 'This database takes no writes'),
    );
    const PGOPTIONS = '-c default_transaction_read_only=off';
    expect((await run(name, database.url, { PGOPTIONS })).exitCode).toBe(0);
  });

  test('under a statement_timeout', async () => {
    const client = await prepared(name);
    await client.query(`ALTER DATABASE ${database.name} SET statement_timeout = '300ms'`);
    await client.query('BEGIN; LOCK TABLE topics');
    expect(await run(name, database.url)).toEqual(refused(1, 'SQLSTATE 57014', 'Its time was over'));
    await client.query('COMMIT');
    expect((await run(name, database.url, { PGOPTIONS: '-c statement_timeout=0' })).exitCode).toBe(0);
  });

  test('while another session holds a lock', async () => {
    const client = await prepared(name);
    await client.query('BEGIN; LOCK TABLE topics');
    const result = await run(name, database.url, {}, '--lock-timeout', '0.5');
    expect(result).toEqual(refused(1, 'SQLSTATE 55P03', 'The lock was not to be had in time'));
    await client.query('COMMIT');
  });

  describe('as a role', () => {
    let role: string;
    beforeEach(async () => {
      const client = await prepared(name);
      role = `plain_${randomBytes(4).toString('hex')}`;
      await client.query(`CREATE ROLE ${role} LOGIN`);
      await client.query(`GRANT CREATE ON DATABASE ${database.name} TO ${role}`);
    });
    afterEach(async () => {
      const client = await database.connect();
      await client.query(`DROP OWNED BY ${role}`);
      await client.query(`DROP ROLE ${role}`);
    });
    const url = () => database.url.replace('crosshot@', `${role}@`);

    test('that lacks the privilege', async () => {
      expect(await run(name, url())).toEqual(refused(1, 'SQLSTATE 42501', 'This role lacks the privilege'));
    });

    test('that has no connection left', async () => {
      await (await database.connect()).query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
      expect(await run(name, url())).toEqual(
        refused(3, 'too many connections for role', 'All connections are taken'),
      );
    });
  });
});

test('a hot standby takes no migration', async () => {
  const socket = await startStandby();
  const url = `postgresql://crosshot@localhost/postgres?host=${encodeURIComponent(socket)}`;
  expect(await run('migrate', url)).toEqual(
    refused(1, 'SQLSTATE 25006', 'This database takes no writes. If it is a standby'),
  );
});

/** A server that only replays, and answers who reads, until the calling test is done; the directory of its socket. */
async function startStandby(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'runbook-standby-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const { postgres, identity } = await postgresPrograms();
  const [data, socket] = [join(home, 'data'), join(home, 's')];
  await mkdir(socket);
  for (const path of [home, socket]) await own(path, identity);
  await initCluster(data, 'crosshot');
  await writeFile(join(data, 'standby.signal'), '');
  await own(join(data, 'standby.signal'), identity);
  const settings = settingArguments({ listen_addresses: '', unix_socket_directories: socket });
  const server = spawn(postgres, ['-D', data, ...settings], {
    ...identity,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'close');
  onTestFinished(async () => {
    server.kill('SIGINT');
    await ended;
  });
  for await (const line of createInterface(server.stderr)) {
    if (line.includes('ready to accept read-only connections')) break;
  }
  server.stderr.resume();
  return socket;
}

describeWithDocker('a full disk', () => {
  test('is told as such', async () => {
    const url = await startSmallDisk();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(await readFile('sql/baseline.sql', 'utf8'));
    await client.query('CREATE TABLE filler (text text) WITH (autovacuum_enabled = off)');
    // A large insert is refused while a small one still fits, so the rest is filled with smaller ones.
    for (const rows of [10_000, 100, 1])
      await expect(fill(client, rows)).rejects.toThrow('could not extend file');
    await client.end();
    expect(await run('migrate', url)).toEqual(refused(1, 'SQLSTATE 53100', 'The server’s disk is full'));
  });
});

/** Inserts so many rows of 1 kB, again and again, until it is refused. */
async function fill(client: pg.Client, rows: number): Promise<never> {
  for (;;) await client.query(`INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, ${rows})`);
}

/** A database on a disk of 20 MB, in a container that is gone when the calling test is; its URL. */
async function startSmallDisk(): Promise<string> {
  const docker = async (...args: string[]) => (await execa('docker', args)).stdout;
  const container = await docker(
    ...['run', '--detach', '--rm', '--tmpfs', '/small:size=20m,mode=1777', '--publish', '127.0.0.1::5432'],
    ...['--env', 'POSTGRES_USER=crosshot', '--env', 'POSTGRES_HOST_AUTH_METHOD=trust', 'postgres:14'],
  );
  onTestFinished(async () => void (await docker('rm', '--force', '--volumes', container)));
  const [address] = (await docker('port', container, '5432')).split('\n');
  const url = (name: string) => `postgresql://crosshot@${address}/${name}`;
  const client = await vi.waitFor(
    async () => {
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      return client;
    },
    { timeout: 120_000, interval: 200 },
  );
  // PostgreSQL puts a tablespace only where the directory is its own.
  await docker('exec', '--user', 'postgres', container, 'mkdir', '/small/data');
  await client.query(`CREATE TABLESPACE small LOCATION '/small/data'`);
  await client.query('CREATE DATABASE small TABLESPACE small');
  await client.end();
  return url('small');
}
