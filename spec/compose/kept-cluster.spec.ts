import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { initCluster, own, startPostgres } from '../../tools/compose/postgres.ts';
import { type PostgresPrograms, postgresPrograms } from '../../tools/compose/postgres-programs.ts';
import { temporaryDirectory } from '../support/tmp.ts';

let home: string;
let programs: PostgresPrograms;

beforeEach(async () => {
  home = await temporaryDirectory();
  await chmod(home, 0o755);
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'cache'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const real = await postgresPrograms();
  await writeFile(join(home, 'ran'), '');
  await own(join(home, 'ran'), real.identity);
  programs = { ...real, initdb: await initdbThat(`exec '${real.initdb}' "$@"`) };
});

/** An initdb that counts how often it is run. */
async function initdbThat(does: string): Promise<string> {
  const initdb = join(home, 'initdb');
  await writeFile(initdb, `#!/bin/sh\necho ran >> '${join(home, 'ran')}'\n${does}\n`, { mode: 0o755 });
  return initdb;
}

const clusters = () => join(home, 'cache/testable-runbook/clusters');
const timesRun = async () => (await readFile(join(home, 'ran'), 'utf8')).split('\n').length - 1;

/** Makes a cluster, and what a server on it says of itself. */
async function clusterOf(name: string, superuser = 'shop') {
  const [directory, sockets] = [join(home, name), join(home, `${name}-s`)];
  await initCluster(directory, superuser, programs);
  await mkdir(sockets);
  const server = await startPostgres(directory, sockets);
  const client = new pg.Client({ host: sockets, user: superuser, database: 'postgres' });
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT system_identifier::text AS identifier, current_user AS superuser,
         (SELECT string_agg(concat_ws(' ', type, database, user_name, auth_method), ', ') FROM pg_hba_file_rules) AS rules
       FROM pg_control_system()`,
    );
    // What is written reaches the WAL and the disk, whose pages have the identifier as well.
    await client.query('CREATE TABLE orders AS SELECT generate_series(1, 10000) AS id');
    await client.query('SELECT pg_switch_wal()');
    await client.query('CHECKPOINT');
    return rows[0] as { identifier: string; superuser: string; rules: string };
  } finally {
    await client.end();
    await server.stop();
  }
}

it('a second cluster is a copy of the first with an identifier of its own, as a server made by initdb has', async () => {
  const before = Date.now();
  const [first, second, third] = [await clusterOf('one'), await clusterOf('two'), await clusterOf('three')];
  expect(await timesRun()).toBe(1);
  expect(new Set([first, second, third].map(({ identifier }) => identifier)).size).toBe(3);
  expect({ ...second, identifier: '' }).toEqual({ ...first, identifier: '' });
  // The upper half is the second of its making.
  for (const { identifier } of [first, second, third]) {
    const made = Number(BigInt(identifier) >> 32n) * 1000;
    expect(made).toBeGreaterThan(before - 2000);
    expect(made).toBeLessThanOrEqual(Date.now());
  }
});

it('a directory that holds anything keeps it, and is refused by initdb', async () => {
  await initCluster(join(home, 'one'), 'shop', programs);
  await mkdir(join(home, 'two'));
  await writeFile(join(home, 'two/ledger'), 'mine');
  await expect(initCluster(join(home, 'two'), 'shop', programs)).rejects.toThrow('exists but is not empty');
  expect(await readdir(join(home, 'two'))).toEqual(['ledger']);
  expect((await readdir(home)).filter((name) => name.startsWith('two'))).toEqual(['two']);
});

it('a server recovers its copy after a crash', async () => {
  await clusterOf('one');
  await initCluster(join(home, 'two'), 'shop', programs);
  await mkdir(join(home, 's'));
  const crashed = await startPostgres(join(home, 'two'), join(home, 's'));
  process.kill(crashed.pid, 'SIGQUIT');
  await crashed.stop();
  const again = await startPostgres(join(home, 'two'), join(home, 's'));
  await again.stop();
  expect(await timesRun()).toBe(1);
});

describe('with an initdb that makes a part of a cluster', () => {
  /** The files that are looked at, of a real cluster. */
  const PART = ['PG_VERSION', 'base/1/1259', 'global/pg_control', 'pg_wal'];
  let part: string;
  beforeAll(async () => {
    part = await mkdtemp(join(tmpdir(), 'runbook-part-'));
    await chmod(part, 0o755);
    await initCluster(join(part, 'whole'), 'shop');
    for (const name of PART)
      await cp(join(part, 'whole', name), join(part, 'data', name), { recursive: true });
    await execa('chmod', ['-R', 'a+rX', part]);
  });
  afterAll(() => rm(part, { recursive: true, force: true }));
  beforeEach(async () => {
    programs.initdb = await initdbThat(`cp -R '${join(part, 'data')}/.' "$2"`);
  });

  const identifierOf = async (name: string) => {
    await initCluster(join(home, name), 'shop', programs);
    return (await readFile(join(home, name, 'global/pg_control'))).toString('hex', 0, 8);
  };

  it.each([
    ['a file of it is gone', (kept: string) => rm(join(kept, 'data/base/1/1259'))],
    ['a file of it is cut off', (kept: string) => truncate(join(kept, 'data/base/1/1259'), 8192)],
    [
      'its control file is none',
      (kept: string) => writeFile(join(kept, 'data/global/pg_control'), Buffer.alloc(8192)),
    ],
    ['its WAL is another cluster’s', spoilWal],
    ['there is more in it than it had', (kept: string) => writeFile(join(kept, 'data/more'), '')],
    ['nothing says what it has', (kept: string) => rm(join(kept, 'listing'))],
  ])('another one is made where %s, and is kept in its place', async (_, spoil) => {
    await identifierOf('one');
    const [name = ''] = await readdir(clusters());
    await spoil(join(clusters(), name));
    const [second, third] = [await identifierOf('two'), await identifierOf('three')];
    expect(await timesRun()).toBe(2);
    expect(second).not.toBe(third);
    expect(await readdir(clusters())).toEqual([name]);
    // Nothing of what was spoilt is in it.
    expect((await readdir(join(home, 'two'), { recursive: true })).toSorted()).toEqual(
      (await readdir(join(part, 'data'), { recursive: true })).toSorted(),
    );
  });

  it('another superuser has another cluster', async () => {
    await initCluster(join(home, 'one'), 'shop', programs);
    await initCluster(join(home, 'two'), 'crosshot', programs);
    expect(await timesRun()).toBe(2);
  });

  it('where nothing can be kept, each is made anew', async () => {
    await mkdir(join(home, 'cache'));
    await writeFile(join(home, 'cache/testable-runbook'), 'no directory');
    await identifierOf('one');
    await identifierOf('two');
    expect(await timesRun()).toBe(2);
  });

  it('many at once make many, of which one is kept', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map(identifierOf));
    expect(await readdir(clusters())).toHaveLength(1);
    const times = await timesRun();
    await identifierOf('e');
    expect(await timesRun()).toBe(times);
  });

  it('of many kinds, those are kept that were taken last, for their owner alone to enter', async () => {
    await identifierOf('one');
    const [kept = ''] = await readdir(clusters());
    expect((await stat(join(clusters(), kept))).mode & 0o777).toBe(0o700);
    for (const [i, name] of ['b', 'c', 'd', 'e'].entries()) {
      await cp(join(clusters(), kept, 'listing'), join(clusters(), name, 'listing'));
      await utimes(join(clusters(), name), new Date(i), new Date(i));
    }
    await initCluster(join(home, 'two'), 'other', programs);
    const left = await readdir(clusters());
    expect(left).toHaveLength(4);
    expect(left).toEqual(expect.arrayContaining([kept, 'd', 'e']));
  });
});

async function spoilWal(kept: string): Promise<void> {
  const [segment = ''] = await readdir(join(kept, 'data/pg_wal'));
  const path = join(kept, 'data/pg_wal', segment);
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(24) ^ 0xff, 24);
  await writeFile(path, bytes);
}
