import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { runningReplica } from './host.ts';

const here = runningReplica();

const exec = (words: string, input?: string) => here.run(`docker compose exec -T ${words}`, input);

describe('streams', () => {
  it('carries standard input, output and error', async () => {
    const { stdout, stderr } = await exec(`web sh -c 'cat; echo aside >&2'`, 'in\n');
    expect({ stdout, stderr }).toEqual({ stdout: 'in', stderr: 'aside' });
  });

  it('carries 100 MB of any bytes without holding them', async () => {
    const script = `head -c 100000000 /dev/urandom | tee >(sha256sum > before) |
      docker compose exec -T web sh -c 'cat; grep VmHWM /proc/$PPID/status >&2' | sha256sum > after
      cmp before after`;
    const { stderr, exitCode } = await here.run(script);
    expect(exitCode).toBe(0);
    expect(Number(/VmHWM:\s+(\d+) kB/.exec(stderr)?.[1])).toBeLessThan(120_000);
  });
});

describe('exit status', () => {
  it.each([
    [`web sh -c 'exit 3'`, 3],
    [`web sh -c 'kill -TERM $$'`, 143],
    ['web no-such-program', 126],
    ['-w /no/such/directory web true', 126],
    ['web true', 0],
  ])('%s', async (words, exitCode) => {
    expect((await exec(words)).exitCode).toBe(exitCode);
  });
});

describe('environment and directory', () => {
  it('is that of the service, and nothing of the caller', async () => {
    const { stdout } = await here.run(
      `SECRET=1 docker compose exec -T web sh -c 'echo $GREETING-$SECRET; ls'`,
    );
    expect(stdout.split('\n')).toEqual(['hello-', 'fickle.ts', 'health.mjs', 'package.json', 'server.ts']);
  });

  it('adds what -e gives, a name alone being the caller’s own', async () => {
    const { stdout } = await here.run(`B=2 docker compose exec -T -e A=1 -e B web sh -c 'echo $A$B'`);
    expect(stdout).toBe('12');
  });

  it('keeps the values of -e out of the list of processes inside', async () => {
    const { stdout } = await exec(`-e A=hidden web sh -c 'cat /proc/$$/cmdline; echo; echo $A'`);
    expect(stdout.split('\n')[0]).not.toContain('hidden');
    expect(stdout.split('\n')[1]).toBe('hidden');
  });

  it('runs TypeScript as the image does', async () => {
    expect((await exec('-e LIVES=3 web node fickle.ts')).stdout).toBe('gives up with 3 lives');
  });
});

describe('the servers’ own clients', () => {
  it.each(['', '-h localhost', '-h127.0.0.1', '--host=postgres', '--host localhost -p 5432'])(
    'psql %s reaches the replica’s server',
    async (host) => {
      const { stdout } = await exec(
        `postgres psql ${host} -U crosshot -d crosshot -Atc 'SHOW runbook.replica'`,
      );
      expect(stdout).toBe(here.replica.id);
    },
  );

  it('dumps and restores through pipes', async () => {
    await exec(`postgres psql -qU crosshot -d crosshot -c "CREATE TABLE words AS SELECT 'naïve 🙂' AS word"`);
    const script = `docker compose exec -T postgres pg_dump -U crosshot -Fc crosshot > backups.dump
      docker compose exec -T postgres createdb -U crosshot copy
      docker compose exec -T postgres pg_restore -U crosshot -d copy < backups.dump
      docker compose exec -T postgres psql -U crosshot -d copy -Atc 'TABLE words'`;
    expect((await here.run(script)).stdout).toBe('naïve 🙂');
  });

  it('asks for the role root where none is given, as in the image', async () => {
    expect((await exec('postgres psql -d crosshot -c "SELECT 1"')).stderr).toContain(
      'role "root" does not exist',
    );
  });

  it.each(['', '-h redis', '-h 127.0.0.1'])('redis-cli %s reaches the replica’s server', async (host) => {
    expect((await exec(`redis redis-cli ${host} config get unixsocket`)).stdout).toContain(here.replica.id);
  });

  it('reaches a server from another service by its name', async () => {
    expect((await exec('web redis-cli -h redis ping')).stdout).toBe('PONG');
    expect((await exec(`web psql -h postgres -U crosshot -Atc 'SHOW runbook.replica'`)).stdout).toBe(
      here.replica.id,
    );
  });
});

/** Starts a command in `web` that first prints its own pid and then waits for ever. */
async function startWaiting() {
  const script = `echo $$; exec sleep infinity`;
  const docker = execa('docker', ['compose', 'exec', '-T', 'web', 'sh', '-c', script], {
    cwd: here.replica.directory,
    env: here.replica.environment,
    reject: false,
  });
  const pid = await new Promise<number>((resolve) =>
    docker.stdout.once('data', (line) => resolve(Number(line))),
  );
  return { docker, pid };
}

const isAlive = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) Z /.test(stat),
    () => false,
  );

describe('life and death', () => {
  it('goes on inside when the docker command is killed, until the service stops', async () => {
    const { docker, pid } = await startWaiting();
    docker.kill('SIGKILL');
    await once(docker, 'exit');
    expect(await isAlive(pid)).toBe(true);
    await here.run('docker compose stop web');
    expect(await isAlive(pid)).toBe(false);
    await here.replica.up(['web']);
  });

  it('dies with its service, and says 137', async () => {
    const { docker, pid } = await startWaiting();
    await here.run('docker compose restart web');
    expect((await docker).exitCode).toBe(137);
    expect(await isAlive(pid)).toBe(false);
  });

  it('is refused where the service is stopped', async () => {
    const script = 'docker compose stop web; docker compose exec -T web true';
    const { stderr, exitCode } = await here.run(script);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('service "web" is not running');
  });
});
