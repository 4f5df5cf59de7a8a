import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { readEngineRecord } from '../../tools/compose/layout.ts';
import { isRunning } from '../../tools/compose/processes.ts';
import { removeReplica } from '../../tools/compose/sweep.ts';
import { makeReplica, run, runningReplica } from './host.ts';

// The plain form of `docker compose exec` starts no Node where the machine has what that needs.
const onLinux = describe.runIf(process.platform === 'linux');

const here = runningReplica();

/** Any option before `exec` leaves the rest to Node. */
const BOTH = ['docker compose exec', 'docker compose --ansi never exec'] as const;

/** Says by what program it was started. */
const STARTER = `sh -c 'tr "\\0" " " </proc/$PPID/cmdline'`;

onLinux('which way is taken', () => {
  it.each(['-T web', '-e PGAPPNAME=me -T web', '-T -e RUNBOOK_BLOCK=run/block web'])(
    'starts no Node for %s',
    async (words) => {
      expect((await here.run(`docker compose exec ${words} ${STARTER}`)).stdout).not.toContain('docker.mjs');
    },
  );

  it.each([
    ...['web', '-T -w . web', '-T -u someone web', '-T -e OTHER=1 web', '-T -e PGAPPNAME web', '-T -- web'],
    ...['-T -e PG-APP=1 web', '--no-TTY web', '-Ti web', '-T --env PGAPPNAME=me web'],
  ])('starts Node for %s', async (words) => {
    expect((await here.run(`docker compose exec ${words} ${STARTER}`)).stdout).toContain('docker.mjs');
  });

  it.each(['compose -f compose.yaml exec', 'compose --project-directory . exec'])(
    'starts Node for %s',
    async (words) => {
      expect((await here.run(`docker ${words} -T web ${STARTER}`)).stdout).toContain('docker.mjs');
    },
  );

  it('starts Node for what it refuses, and for a terminal', async () => {
    const script = `docker compose exec -T --index 1 web true; docker compose exec -T web; docker compose exec -T`;
    expect((await here.run(script)).stderr.split('\n')).toEqual([
      'unknown flag: --index',
      'requires at least 2 arg(s), only received 1',
      'requires at least 2 arg(s), only received 0',
    ]);
  });
});

describe('both ways are one', () => {
  it.each([
    `-T web sh -c 'env | sort'`,
    `-T -e PGAPPNAME='a "b" $c' -e PGAPPNAME='=d
      *' web sh -c 'env | sort'`,
    `-T web printf '<%s>' 'a b' "it's" '"' $'line\\nbreak\\n' '*' '' '\\' '$HOME' '\`id\`' -e -T -- '~'`,
    `-T web sh -c 'pwd; ls; ulimit -n; umask; grep Sig[BIC] /proc/self/status'`,
    `-T web sh -c 'ps -o sid= -p $$ | tr -d " " | grep -c "^$$\\$"'`,
    `-T web sh -c 'echo out; echo err >&2; exit 7'`,
    `-T web sh -c 'kill -TERM $$'`,
    `-T web sh -c 'kill -INT $$'`,
    `-T web sh -c 'kill -KILL $$'`,
    '-T web cat <compose.yaml',
    '-T web cat </dev/null',
    '-T web cat <&-',
    `-T web sh -c 'echo out; echo err >&2' >&- 2>&-`,
    '-T web ls /proc/self/fd 3<compose.yaml 9<compose.yaml 179<compose.yaml',
    '-T web ls /proc/self/fd 10<compose.yaml 14<compose.yaml',
    '-T web ls /proc/self/fd 16<compose.yaml 17<compose.yaml',
    '-T web no-such-program',
    '-T web cd',
    `-T web ''`,
    '-T web /bin/echo there',
    '-T web server.ts',
    `-T ../running/web true`,
    `-T '' true`,
    '-T web/../web true',
    '-T fickle true',
  ])('%s', async (words) => {
    const [plain, node] = await Promise.all(BOTH.map((docker) => here.run(`${docker} ${words}`, 'given')));
    expect(plain).toEqual(node);
  });

  it.each([
    (docker: string) => `cd services/web && ${docker} -T web pwd`,
    (docker: string) => `cd / && ${docker} -T web pwd`,
    (docker: string) => `COMPOSE_PROJECT_NAME=other ${docker} -T web pwd`,
    (docker: string) => `COMPOSE_PROJECT_NAME= ${docker} -T web pwd`,
    (docker: string) => `${docker} -T web sh -c 'grep Sig[BIC] /proc/self/status' & wait $!`,
    (docker: string) => `trap '' TERM HUP; ${docker} -T web sh -c 'kill -HUP $$; echo lives'`,
    (docker: string) => `seq 3 | while read -r n; do ${docker} -T web sh -c 'cat; echo '$n; done`,
    (docker: string) => `${docker} -T web sh -c 'seq 100000' | head -n 1`,
  ])('%s', async (script) => {
    const [plain, node] = await Promise.all(BOTH.map((docker) => here.run(script(docker))));
    expect(plain).toEqual(node);
  });
});

/** Starts a command in `web` that prints its own pid and then waits for ever, without a variable to know it by. */
async function startUnmarked(replica = here.replica) {
  const words = ['compose', 'exec', '-T', 'web', 'sh', '-c', 'echo $$; exec env -i sleep 4712'];
  const docker = execa('docker', words, {
    ...{ cwd: replica.directory, env: replica.environment, reject: false, stdin: 'ignore' },
  });
  // What it has started may still hold its output then.
  const ended = once(docker, 'exit');
  const [line] = await once(docker.stdout, 'data');
  const pid = Number(line);
  // It says its number before it becomes what is waited for.
  await expect.poll(() => readFile(`/proc/${pid}/cmdline`, 'latin1')).toContain('4712');
  return { docker, pid, ended };
}

onLinux('what has entered', () => {
  it.each(['stop', 'kill', 'restart', 'rm -sf'])('ends at %s of its service', async (command) => {
    const { pid, ended } = await startUnmarked();
    await here.run(`docker compose ${command} web`);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(await ended).toEqual([137, null]);
    await here.replica.up(['web']);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
    'goes on when %s ends the docker command',
    async (signal) => {
      const { docker, pid, ended } = await startUnmarked();
      docker.kill(signal);
      expect(await ended).toEqual([null, signal]);
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      process.kill(pid, 'SIGKILL');
    },
  );

  it('ends with a replica whose engine was killed', async () => {
    const { replica, remove } = await makeReplica();
    await replica.up(['web']);
    const { pid } = await startUnmarked(replica);
    const engine = readEngineRecord(replica.home)?.engine;
    if (engine) process.kill(engine.pid, 'SIGKILL');
    await expect.poll(() => engine && isRunning(engine)).toBe(false);
    const said = await run(replica, 'docker compose exec -T web true');
    expect(said).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the replica has gone away') });
    await removeReplica(replica.home);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    await remove();
  });
});

onLinux('a service that stops meanwhile', () => {
  const entries = () => join(here.replica.home, 'entries', 'running', 'web');

  it('is asked after in the other way, which says so', async () => {
    const facts = await readFile(join(entries(), 'facts'), 'utf8');
    await here.run('docker compose stop web');
    expect(existsSync(entries())).toBe(false);
    // As whoever looked before it stopped has seen it.
    await rename(join(entries(), '..'), join(entries(), '../../away'));
    await here.run(`mkdir -p ${entries()}`);
    await writeFile(join(entries(), 'facts'), facts);
    const said = await here.run('docker compose exec -T web true');
    expect(said).toEqual({ stdout: '', stderr: 'service "web" is not running', exitCode: 1 });
    await rm(join(entries(), '..'), { recursive: true });
    await rename(join(entries(), '../../away'), join(entries(), '..'));
    await here.replica.up(['web']);
  });

  it('is entered in the other way where it runs again', async () => {
    const [mark = ''] = (await readdir(entries())).filter((name) => name !== 'facts');
    await rename(join(entries(), mark), join(entries(), 'moved'));
    const said = await here.run(
      `docker compose exec -e PGAPPNAME=me -T web sh -c 'cat; echo $PGAPPNAME'`,
      'in ',
    );
    expect(said).toEqual({ stdout: 'in me', stderr: '', exitCode: 0 });
    await rename(join(entries(), 'moved'), join(entries(), mark));
  });
});

describe('many at once', () => {
  it('each have what is theirs', async () => {
    const script = `for n in $(seq 20); do echo $n | docker compose exec -T web sh -c 'cat; exit '$n & p="$p $!"; done
      for each in $p; do wait $each; echo status $?; done`;
    const { stdout } = await here.run(script);
    const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
    expect(stdout.split('\n').sort()).toEqual(numbers.flatMap((n) => [`${n}`, `status ${n}`]).sort());
  });

  it('leave nothing running when their service stops while they enter', async () => {
    const script = `for n in $(seq 20); do docker compose exec -T web env -i sleep 4713 & done 2>/dev/null
      docker compose stop -t 0 web; wait; pgrep -f 'sleep 4713$' || echo none`;
    expect((await here.run(script)).stdout).toBe('none');
    await here.replica.up(['web']);
  });

  it('know what compose.yaml says by now', async () => {
    const script = `sed -i 's/sleeper:/dozer:/' compose.yaml && docker compose up -d redis
      docker compose exec -T web sh -c 'echo $RUNBOOK_HOSTS'`;
    expect((await here.run(script)).stdout).toBe('postgres redis web fickle dozer');
  });
});
