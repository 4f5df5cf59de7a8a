import { mkdir, readdir, readFile, readlink, realpath, symlink, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readComposeFile } from '../../tools/compose/compose-file.ts';
import { createEmbeddedReplica, type EmbeddedReplica } from '../../tools/replica/embedded.ts';
import { temporaryDirectory } from '../support/tmp.ts';

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

const write = async (name: string, ...lines: string[]) => {
  await writeFile(join(directory, name), `${lines.join('\n')}\n`);
  return join(directory, name);
};

describe('what the stand-in has not is named, at its line, with the remedy', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a key',
      ['    secrets: [a]'],
      /^:4:5: .*the embedded replica has no `secrets`: rehearse with --replica docker$/,
    ],
    ['a key of another version', ['    extends: { service: b }'], /^:4:5: .*has no `extends`/],
    ['a misspelt key', ['    enviroment: { A: 1 }'], /^:4:5: .*has no `enviroment`/],
    ['two of a service', ['    deploy: { replicas: 2 }'], /^:4:15: .*runs one of each service/],
    [
      'files of a server',
      ['    volumes: [./init:/docker-entrypoint-initdb.d]'],
      /^:4:15: .*reads nothing from \/docker/,
    ],
    ['files of variables', ['    env_file: missing.env'], /^:4:5: missing\.env cannot be read: ENOENT/],
  ])('%s', async (_, lines, said) => {
    const path = await write('compose.yaml', 'services:', '  a:', '    image: postgres:14', ...lines);
    const error = (await readComposeFile(path, directory, {}).catch((refused) => refused)) as Error;
    expect(error.message.slice(0, path.length)).toBe(path);
    expect(error.message.slice(path.length)).toMatch(said);
  });

  it('an image', async () => {
    const path = await write('compose.yaml', 'services:', '  a:', '    image: mysql:8');
    await expect(readComposeFile(path, directory, {})).rejects.toThrow(
      `${path}:3:5: the embedded replica has no mysql:8 for service "a": it knows postgres, redis and services with`,
    );
  });

  it('a second file that Compose reads', async () => {
    await write('compose.yaml', ...server());
    const override = await write('compose.override.yaml', 'services: {}');
    await expect(replicaOf(directory)).rejects.toThrow(
      `${override}:1:1: the embedded replica reads one compose file, and Compose reads this one, too: rehearse with`,
    );
  });

  it('but nothing that changes nothing', async () => {
    const harmless = ['mem_limit: 1g', 'networks: [x]', 'x-mine: 1', 'labels: { a: b }', 'user: nobody'];
    const lines = ['services:', '  a:', '    image: redis:7', ...harmless.map((one) => `    ${one}`)];
    const path = await write('compose.yaml', 'name: shop', ...lines, 'networks: { x: }');
    expect(await readComposeFile(path, directory, {})).toHaveLength(1);
  });
});

it('files of variables stand below what the compose file says itself', async () => {
  await write('one.env', 'A=1', 'B=1');
  await write('two.env', 'B="2"', 'C=2');
  const lines = [
    '    env_file: [one.env, two.env, { path: no.env, required: false }]',
    '    environment: { C: 3 }',
  ];
  const path = await write('compose.yaml', 'services:', '  a:', '    image: redis', ...lines);
  const [service] = await readComposeFile(path, directory, {});
  expect(service?.environment).toEqual({ A: '1', B: '2', C: '3' });
});

/** A replica of the directory that is taken down when the calling test is done. */
async function replicaOf(stack: string, say?: (line: string) => void): Promise<EmbeddedReplica> {
  const home = join(await temporaryDirectory(), 'replicas');
  const database = { service: 'db', user: 'shop', name: 'shop' };
  const replica = await createEmbeddedReplica({ stack, ports: [], database, home }, say);
  onTestFinished(() => replica.down());
  return replica;
}

const shell = async ({ directory: cwd, environment }: EmbeddedReplica, script: string) => {
  const { stdout } = await execa('bash', ['-c', script], { cwd, env: environment });
  return stdout;
};

const server = (...more: string[]) => [
  ...['services:', '  db:', '    image: postgres:14', '    environment:', '      POSTGRES_USER: shop'],
  ...more,
  '    healthcheck: { test: pg_isready -U shop -d shop, start_period: 60s }',
];
const client = (...environment: string[]) => [
  ...['  app:', '    build: .', '    command: sleep infinity', '    environment:'],
  ...environment.map((one) => `      ${one}`),
];

describe('a server that is called by its address', () => {
  /** What a service is given as its address, and whether a client gets in with it. */
  async function addressIn(lines: string[]): Promise<{ url: URL; user: string }> {
    await write('compose.yaml', ...lines);
    const replica = await replicaOf(directory);
    await replica.up();
    const url = await shell(replica, 'docker compose exec -T app printenv DATABASE_URL');
    const connection = new pg.Client({ connectionString: url });
    await connection.connect();
    const { rows } = await connection.query('SELECT current_user AS user');
    await connection.end();
    return { url: new URL(url), user: rows[0].user };
  }

  it('is reached there, with the password that the compose file says', async () => {
    const { url, user } = await addressIn([
      ...server('      POSTGRES_PASSWORD: open sesame'),
      ...client('DATABASE_URL: postgres://shop:open%20sesame@db:5432/shop?sslmode=disable'),
    ]);
    expect(user).toBe('shop');
    expect(url).toMatchObject({ hostname: '127.0.0.1', password: 'open%20sesame', pathname: '/shop' });
    const wrong = new URL(url);
    wrong.password = 'other';
    await expect(new pg.Client({ connectionString: wrong.href }).connect()).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('lets nobody else of the machine in where the compose file trusts everybody', async () => {
    const { url, user } = await addressIn([
      ...server('      POSTGRES_HOST_AUTH_METHOD: trust'),
      ...client('DATABASE_URL: postgres://shop@db/shop'),
    ]);
    expect(user).toBe('shop');
    const { hostname, port } = url;
    const other = new pg.Client({ host: hostname, port: Number(port), user: 'shop', database: 'shop' });
    await expect(other.connect()).rejects.toThrow(/password/);
  });

  it('listens on no port where nobody calls it', async () => {
    await write('compose.yaml', ...server(), ...client('PGHOST: db'));
    const replica = await replicaOf(directory);
    await replica.up();
    expect(await shell(replica, 'docker compose exec -T db psql -U shop -Atc "SHOW listen_addresses"')).toBe(
      '',
    );
  });

  it('of Redis, too', async () => {
    const cache = ['  cache: { image: redis:7 }'];
    await write('compose.yaml', ...server(), ...client('CACHE: redis://cache:6379/0'), ...cache);
    const replica = await replicaOf(directory);
    await replica.up();
    const { hostname, port } = new URL(await shell(replica, 'docker compose exec -T app printenv CACHE'));
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.write('PING\r\n'));
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject).once('data', (data) => resolve(data.toString()));
    });
    socket.destroy();
    expect(answer).toBe('+PONG\r\n');
  });
});

describe('what a stack’s directory holds besides', () => {
  it('is copied, but for what others brought, a server’s own data, and what is no file', async () => {
    await write('compose.yml', ...server());
    await write('kept.txt', 'kept');
    for (const name of ['.git', '.runbook/replicas', 'node_modules/a', 'data/pg'])
      await mkdir(join(directory, name), { recursive: true });
    await write('data/pg/PG_VERSION', '14');
    const listening = createServer().listen(join(directory, 'socket'));
    onTestFinished(() => void listening.close());
    const replica = await replicaOf(directory);
    expect((await readdir(replica.directory, { recursive: true })).sort()).toEqual([
      ...['compose.yml', 'data', 'kept.txt'],
    ]);
  });

  it('leads where it led, within the copy where that was within', async () => {
    await write('compose.yaml', ...server());
    await mkdir(join(directory, 'deep'));
    await symlink('../compose.yaml', join(directory, 'deep/within'));
    await symlink('../../elsewhere', join(directory, 'deep/outside'));
    const { directory: made } = await replicaOf(directory);
    expect(await realpath(join(made, 'deep/within'))).toBe(join(await realpath(made), 'compose.yaml'));
    expect(await readlink(join(made, 'deep/outside'))).toBe(join(directory, '../elsewhere'));
  });

  it('may hold the replica itself', async () => {
    await write('docker-compose.yaml', ...server());
    const database = { service: 'db', user: 'shop', name: 'shop' };
    await mkdir(join(directory, 'ops'));
    const home = join(directory, 'ops/.runbook/replicas');
    const replica = await createEmbeddedReplica({ stack: directory, ports: [], database, home });
    onTestFinished(() => replica.down());
    await replica.up();
    expect(await readFile(join(replica.directory, 'docker-compose.yaml'), 'utf8')).toContain('postgres:14');
  });
});

it('a server of another version than the compose file names says so', async () => {
  await write('compose.yaml', ...server().map((line) => line.replace('postgres:14', 'postgres:13')));
  const said: string[] = [];
  await replicaOf(directory, (line) => said.push(line));
  expect(said).toEqual([
    expect.stringMatching(
      /^postgres:13 is stood in for by PostgreSQL 14\.\d+: `npm run -s runbook -- doctor --install --postgres 13`/,
    ),
  ]);
});
