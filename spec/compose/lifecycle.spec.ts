import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readReplicaRecord } from '../../tools/compose/layout.ts';
import { connectClient } from '../../tools/host/database.ts';
import type { EmbeddedReplica } from '../../tools/replica/embedded.ts';
import { makeReplica, run } from './host.ts';

let replica: EmbeddedReplica;
let remove: () => Promise<void>;

beforeAll(async () => {
  vi.stubEnv('SHOP_PASSWORD', 'hunter2');
  ({ replica, remove } = await makeReplica());
  await replica.up();
});

afterAll(() => remove());

const states = async () =>
  (await run(replica, `docker compose ps -a --format '{{.Service}} {{.State}}'`)).stdout;

describe('up', () => {
  it('returns when all that need no profile are healthy', async () => {
    const { stdout } = await run(replica, `docker compose ps --format '{{.Service}} {{.State}} {{.Health}}'`);
    expect(stdout).toBe('postgres running healthy\nredis running healthy\nweb running healthy');
  });

  it('publishes the chosen port, and gives the service its variables', async () => {
    const response = await fetch(`http://127.0.0.1:${replica.ports.WEB_PORT}`);
    expect(await response.text()).toBe('hello\n');
  });

  it('gives a stream to a PostgreSQL 14 that bears the mark of this replica', async () => {
    const login = { service: 'postgres', user: 'crosshot', name: 'crosshot' };
    const client = await connectClient(() => replica.host.inside('postgres').database(), login);
    const { rows } = await client.query(`SELECT current_setting('runbook.replica') AS mark, version()`);
    await client.end();
    expect(rows).toEqual([{ mark: replica.id, version: expect.stringMatching(/^PostgreSQL 14\./) }]);
  });

  it('fails with the last lines of a service that ends again and again', async () => {
    const failure = replica.up(['fickle']);
    await expect(failure).rejects.toThrow(
      new RegExp(
        `^container ${replica.id}-fickle-1 exited \\(7\\)\nthe last lines of .*gives up with 0 lives`,
        's',
      ),
    );
    await run(replica, 'docker compose rm -sf fickle');
  });

  it('names the port that another process has taken', async () => {
    await run(replica, 'docker compose stop web');
    const port = replica.ports.WEB_PORT as number;
    const other = createServer().listen(port, '127.0.0.1');
    await expect(replica.up(['web'])).rejects.toThrow(
      `cannot publish port ${port} on 127.0.0.1 (EADDRINUSE)`,
    );
    await new Promise((resolve) => other.close(resolve));
    await replica.up(['web']);
  });

  it('refuses a service that compose.yaml does not have', async () => {
    await expect(replica.up(['nope'])).rejects.toThrow('no such service: nope');
  });

  it('starts anew what compose.yaml says otherwise by now', async () => {
    await run(replica, `sed -i 's/:-hello/:-good day/' compose.yaml && docker compose up -d --wait web`);
    expect(await (await fetch(`http://127.0.0.1:${replica.ports.WEB_PORT}`)).text()).toBe('good day\n');
  });
});

describe('what others on this machine and beyond can reach', () => {
  it('is no socket', async () => {
    const { sockets } = await readReplicaRecord(replica.home);
    const modeOf = async (name: string) => ((await stat(join(sockets, name))).mode & 0o777).toString(8);
    // A server that root starts is another user, who must come through.
    expect(await modeOf('.')).toBe(process.getuid?.() === 0 ? '711' : '700');
    expect(await modeOf('postgres')).toBe('700');
    expect(await modeOf('postgres/.s.PGSQL.5432')).toBe('700');
    expect(await modeOf('redis.redis')).toBe('700');
    expect(await modeOf('engine')).toBe('600');
  });

  it.runIf(process.platform === 'linux')('is no port on another address than 127.0.0.1', async () => {
    const port = (replica.ports.WEB_PORT as number).toString(16).toUpperCase().padStart(4, '0');
    const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
    const listening = tables.join('\n').match(new RegExp(`\\w+:${port} \\w+:0000 0A`, 'g'));
    expect(listening).toEqual([`0100007F:${port} 00000000:0000 0A`]);
  });

  it('is no server, which listen on their sockets only', async () => {
    const asked = await run(
      replica,
      `docker compose exec -T postgres psql -U crosshot -Atc 'SHOW listen_addresses'`,
    );
    expect(asked.stdout).toBe('');
    const { stdout } = await run(replica, 'docker compose exec -T redis redis-cli config get port');
    expect(stdout).toBe('port\n0');
  });

  it('is nothing of the caller’s environment', async () => {
    const servers = `CREATE TEMP TABLE env (line text); COPY env FROM PROGRAM 'env'; TABLE env`;
    const asked = await run(replica, `docker compose exec -T postgres psql -U crosshot -Atqc "${servers}"`);
    expect(asked.stdout).toMatch(/^TZ=UTC$/m);
    for (const service of ['redis', 'web']) {
      asked.stdout += (await run(replica, `docker compose exec -T ${service} env`)).stdout;
    }
    expect(asked.stdout).not.toContain('hunter2');
  });
});

describe('stop, start, restart, kill', () => {
  it('stops a service alone, and starts it again', async () => {
    const stopped = await run(replica, 'docker compose stop web');
    expect(stopped.stderr).toContain(`Container ${replica.id}-web-1  Stopped`);
    expect(await states()).toBe('postgres running\nredis running\nweb exited');
    expect((await run(replica, 'docker compose ps')).stdout).not.toContain('web');
    await run(replica, 'docker compose start web');
    expect(await states()).toBe('postgres running\nredis running\nweb running');
  });

  it('keeps the data of a server that was stopped', async () => {
    const psql = 'docker compose exec -T postgres psql -U crosshot -d crosshot -Atqc';
    await run(replica, `${psql} 'CREATE TABLE kept AS SELECT 42 AS answer'`);
    await run(replica, 'docker compose exec -T redis redis-cli set kept 42');
    await run(replica, 'docker compose restart postgres redis && docker compose up -d --wait');
    expect((await run(replica, `${psql} 'SELECT answer FROM kept'`)).stdout).toBe('42');
    expect((await run(replica, 'docker compose exec -T redis redis-cli get kept')).stdout).toBe('42');
  });

  it('shows the exit status of what was killed', async () => {
    await run(replica, 'docker compose kill web');
    const { stdout } = await run(replica, 'docker compose ps -a --format json web');
    expect(JSON.parse(stdout)).toMatchObject({ Service: 'web', State: 'exited', ExitCode: 137, Health: '' });
    await run(replica, 'docker compose up -d --wait web');
  });

  it('takes everything down and, with -v, the data too', async () => {
    await run(replica, 'docker compose down -v');
    expect(await states()).toBe('');
    await replica.up(['postgres']);
    const asked = await run(replica, `docker compose exec -T postgres psql -U crosshot -c 'TABLE kept'`);
    expect(asked.stderr).toContain('relation "kept" does not exist');
  });
});
