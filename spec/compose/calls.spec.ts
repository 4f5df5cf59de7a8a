import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readEngineRecord } from '../../tools/compose/layout.ts';
import { removeReplica } from '../../tools/compose/sweep.ts';
import { makeReplica, run, runningReplica } from './host.ts';

const here = runningReplica();
const calls = () => join(here.replica.home, 'entries', 'calls');

/** The same with the engine's word hidden: then each command is Node's. */
async function byNode(script: string) {
  await rename(calls(), `${calls()}.away`);
  const said = await here.run(script);
  await rename(`${calls()}.away`, calls());
  return said;
}

describe('both ways are one', () => {
  it.each([
    "compose ps -a --format '{{.Name}} {{.ID}} {{.Ports}}'",
    'compose ps -q',
    'compose ps --services web',
    'compose logs',
    'compose logs web --tail 1',
    'compose logs --tail x web',
    'compose config --services',
    'compose port web 8000',
    'compose images',
    'compose version --short',
    'compose pull',
    'compose nothing',
    'compose',
    'compose ps --nothing',
    'compose stop nobody',
    'compose -p other ps',
    'compose -f no.yaml ps',
    "compose ps --format '{{.Name}}\n{{.State}} é ✓'",
    'compose up web',
    'compose up -d web',
    'compose rm web',
    'compose --project-directory services ps -q',
    'compose kill -s NOTHING web',
    'compose start web',
  ])('docker %s', async (words) => {
    const said = await here.run(`docker ${words}`);
    expect(said).toEqual(await byNode(`docker ${words}`));
  });

  it.each(['cd /', 'cd services', "mkdir -p 'a b/é'; cd a*/é"])('behind %s', async (enter) => {
    const script = `${enter}; docker compose ps -q; docker compose -f compose.yaml config --services`;
    const said = await here.run(script);
    expect(said).toEqual(await byNode(script));
  });
});

describe('no Node is started', () => {
  // A Node would write its coverage there.
  const covered = async (script: string) => {
    const directory = join(here.replica.home, 'coverage');
    await here.run(`rm -rf ${directory}; export NODE_V8_COVERAGE=${directory}; ${script}`);
    return existsSync(directory);
  };

  it.each(['ps', 'logs', 'logs --no-log-prefix web', 'up -d', 'config --services', '--ansi never ps'])(
    'for docker compose %s',
    async (words) => expect(await covered(`docker compose ${words}`)).toBe(false),
  );

  it.each(['exec web true', 'logs -tf nobody', 'logs --follow nobody', 'run --rm nobody'])(
    'but for docker compose %s',
    async (words) => expect(await covered(`docker compose ${words}`)).toBe(true),
  );

  it('but where its project is another, or the log is long', async () => {
    expect(await covered('COMPOSE_PROJECT_NAME=other docker compose ps')).toBe(true);
    const log = join(here.replica.home, 'logs', 'web.log');
    const whole = await readFile(log);
    await writeFile(log, Buffer.concat([whole, Buffer.alloc(4 * 1024 * 1024, whole)]));
    expect(await covered('docker compose logs web')).toBe(true);
    await writeFile(log, whole);
  });
});

it('does as it does whatever is exported for other shells', async () => {
  const script = `printf() { echo mine; }; read() { return 1; }; node() { echo mine; }; export -f printf read node
    echo 'echo mine' >trap.sh; export BASH_ENV=$PWD/trap.sh ENV=$PWD/trap.sh IFS=2 LC_ALL=en_US.UTF-8
    exec 3<trap.sh; docker compose config --services; docker compose nothing 2>&1 | head -n 1`;
  const { stdout } = await here.run(script);
  expect(stdout.split('\n')).toEqual([
    ...(await byNode('docker compose config --services')).stdout.split('\n'),
    'unknown docker command: "compose nothing"',
  ]);
});

it('needs no PATH', async () => {
  const { stdout, stderr } = await here.run(
    'docker=$(command -v docker); PATH= "$docker" compose config --services',
  );
  expect([stdout.split('\n').includes('web'), stderr]).toEqual([true, '']);
});

it('says what goes on while it goes on', async () => {
  const { stdout } = await here.run(`docker compose stop web 2>&1 | while read -r line; do
      docker compose ps -a --format '{{.State}}' web; echo "$line"; done; docker compose up -d --wait web`);
  expect(stdout.split('\n').slice(1)).toEqual([
    expect.stringMatching(/Container \S+-web-1 {2}Stopping/),
    'exited',
    expect.stringMatching(/Container \S+-web-1 {2}Stopped/),
  ]);
});

describe('whoever does not know the secret', () => {
  const ask = async (sent: string) => {
    const [port] = (await readFile(calls(), 'utf8')).split(' ');
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(sent);
    const [answer] = await Promise.all([text(socket), once(socket, 'close')]);
    return answer;
  };
  const secret = async () => (await readFile(calls(), 'utf8')).trim().split(' ')[1] ?? '';
  const words = () => ['2', here.replica.directory, 'compose', 'version', ''].join('\0');

  it('is answered nothing', async () => {
    expect(await ask(`${await secret()}\0${words()}`)).toContain('Docker Compose version');
    for (const other of ['', '0'.repeat(32), `${await secret()}0`, (await secret()).slice(1), 'é'.repeat(32)])
      expect(await ask(`${other}\0${words()}`)).toBe('');
  });

  it('nor is half a call', async () => {
    const whole = `${await secret()}\0${words()}`;
    expect(await ask(whole.slice(0, -1))).toBe('');
  });

  it('cannot read it', async () => expect((await stat(calls())).mode & 0o77).toBe(0));
});

it('says that the replica has gone where the engine has, and ends', async () => {
  const { replica, remove } = await makeReplica();
  await replica.up(['web']);
  const { pid } = readEngineRecord(replica.home)?.engine ?? {};
  process.kill(Number(pid), 'SIGKILL');
  for (const words of ['ps', 'stop web'])
    expect(await run(replica, `docker compose ${words}`)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('the replica has gone away'),
    });
  await removeReplica(replica.home);
  await remove();
});
