import { describe, expect, it } from 'vitest';
import { runningReplica } from './host.ts';

const here = runningReplica();

describe('logs', () => {
  it('prints both output streams behind the name of the container', async () => {
    const { stdout } = await here.run('docker compose logs web');
    expect(stdout).toBe(
      `web-1  | listens on ${here.replica.ports.WEB_PORT}\nweb-1  | a line on standard error`,
    );
  });

  it('prints the last lines only, plain or with their time', async () => {
    const plain = await here.run('docker compose logs --tail 1 --no-log-prefix web');
    expect(plain.stdout).toBe('a line on standard error');
    const timed = await here.run('docker compose logs -t -n1 --no-log-prefix web');
    expect(timed.stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z a line on standard error$/);
  });

  it('leaves out what is older than --since', async () => {
    expect((await here.run('docker compose logs --since 2999-01-01T00:00:00Z')).stdout).toBe('');
    expect((await here.run('docker compose logs --since 10m web')).stdout).not.toBe('');
  });

  it('follows until what it follows has stopped', async () => {
    const script = `docker compose logs -f web & docker compose restart web
      docker compose up -d --wait web; docker compose stop web; wait`;
    const { stdout } = await here.run(script);
    expect(stdout.match(/listens on/g)).toHaveLength(2);
    await here.replica.up(['web']);
  });
});

describe('run', () => {
  it('runs a command in a container of its own, with the exit status', async () => {
    const ran = await here.run('docker compose run --rm -T -e LIVES=9 web node fickle.ts');
    expect(ran).toMatchObject({ stdout: 'gives up with 9 lives', exitCode: 7 });
  });

  it('starts what the service depends on', async () => {
    await here.run('docker compose stop');
    const script = 'docker compose run --rm -T web true; docker compose ps --services';
    expect((await here.run(script)).stdout).toBe('postgres\nredis');
    await here.run('docker compose stop; docker compose run --rm -T --no-deps web true');
    expect((await here.run('docker compose ps --services')).stdout).toBe('');
    await here.replica.up();
  });

  it('leaves no process behind', async () => {
    await here.run(`docker compose run --rm -T web sh -c 'setsid sleep 4711 & true'`);
    expect((await here.run('pgrep -f "sleep 4711$"')).stdout).toBe('');
  });
});

describe('what it prints', () => {
  it('lists containers in the columns of Docker', async () => {
    const { stdout } = await here.run('docker compose ps web');
    const [head, row] = stdout.split('\n');
    expect(head).toMatch(/^NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS$/);
    expect(row).toMatch(
      new RegExp(`^${here.replica.id}-web-1 .* web .* Up .*\\(healthy\\) .* 127\\.0\\.0\\.1:\\d+->8000/tcp$`),
    );
  });

  it.each([
    ['docker compose config --services', 'postgres\nredis\nweb'],
    ['docker compose ps --services --status running', 'postgres\nredis\nweb'],
    ['docker compose ps -q --filter status=exited', ''],
    ['docker compose version --short', '2.26.1'],
    ['cd services/web && docker compose ps --services redis', 'redis'],
    ['docker compose -f compose.yaml -p $COMPOSE_PROJECT_NAME ps --services redis', 'redis'],
  ])('%s', async (script, expected) => {
    expect(await here.run(script)).toEqual({ stdout: expected, stderr: '', exitCode: 0 });
  });
});

describe('what it refuses', () => {
  it.each([
    ['docker compose exec -T nope true', 'service "nope" is not running', 1],
    ['docker compose stop nope', 'no such service: nope', 1],
    ['docker compose ps nope', 'no such service: nope', 1],
    ['docker compose exec -T web', 'requires at least 2 arg(s), only received 1', 1],
    ['docker compose ps --frob', 'unknown flag: --frob', 16],
    ['docker compose stop -x', `unknown shorthand flag: 'x' in -x`, 16],
    ['docker compose logs --tail', 'flag needs an argument: --tail', 16],
    ['docker compose frob', 'unknown docker command: "compose frob"', 16],
    ['docker frob', 'unknown docker command: "frob"', 1],
    ['docker compose up', 'in the background only: docker compose up -d', 16],
    ['docker compose -f other.yaml ps', 'other.yaml: no such file or directory', 14],
    ['cd / && docker compose ps', 'no configuration file provided: not found', 14],
    ['docker compose -p other ps', '"other" is not here', 1],
    [`docker compose ps --format '{{.Frob}}'`, 'knows no {{.Frob}}', 1],
    ['sed -i "s/^services:/services: 1/" compose.yaml; docker compose up -d', 'compose.yaml', 14],
  ])('%s', async (script, message, exitCode) => {
    const refused = await here.run(script);
    expect(refused).toMatchObject({ stdout: '', exitCode });
    expect(refused.stderr).toContain(message);
  });
});
