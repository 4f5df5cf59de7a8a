import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runDirectories } from '../../tools/journal/journal.ts';
import { foldReport } from '../../tools/report/report.ts';
import { appears } from '../support/awaiting.ts';
import { eventsOf, makeShop, replicasOf, sh, start } from '../support/shop.ts';

const rehearse = ['rehearse', '--replica', 'embedded'];

/** A run on the host, for which nobody is there to be asked. */
const REAL_RUN = ['run', 'main', '--on', 'nas', '--yes', '--unrehearsed', 'a spec'];

describe('a rehearsal that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s in a block ends it, and then with 130', async (signal) => {
    const shop = await makeShop([...sh('wait', 'local', 'touch begun; sleep 1000')]);
    const child = start(shop, ...rehearse);
    await appears(join(shop.directory, 'begun'), child);
    child.kill(signal);
    expect((await child).exitCode).toBe(130);
    expect(foldReport(await eventsOf(shop))).toMatchObject({ status: 'aborted', why: 'interrupted' });
    expect(await replicasOf(shop)).toEqual([]);
  });

  it('while its replica starts ends at once with 130, says so, and leaves nothing', async () => {
    const shop = await makeShop([...sh('greet', 'local', 'true')], {
      compose: [
        'services:',
        '  postgres:',
        '    image: postgres:14',
        '    environment: { POSTGRES_USER: shop, POSTGRES_DB: shop, POSTGRES_HOST_AUTH_METHOD: trust }',
        // Never healthy: it would go on starting for an hour.
        '    healthcheck: { test: "touch ${BEGUN}; exit 1", interval: 1s, start_period: 1h }',
      ],
    });
    const begun = join(shop.directory, 'begun');
    const child = start({ ...shop, environment: { BEGUN: begun } }, ...rehearse);
    await appears(begun, child);
    child.kill('SIGINT');
    const { exitCode, stderr } = await child;
    expect(stderr).toBe('interrupted while the replica was starting; nothing was run');
    expect(exitCode).toBe(130);
    expect(await replicasOf(shop)).toEqual([]);
    expect(await runDirectories(shop.home)).toEqual([]);
  });
});

describe('a rehearsal that could not run', () => {
  it('ends with 3 where the engine is killed in a block, and leaves its report and no replica', async () => {
    const kill = `kill -9 "$(node -p 'require("../engine.json").engine.pid')"`;
    const shop = await makeShop([
      ...sh('lose', 'nas', `${kill}; docker compose ps`, 'exits 0'),
      ...sh('after', 'local', 'true'),
    ]);
    const { exitCode, stdout, stderr } = await start(shop, ...rehearse);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    const report = foldReport(await eventsOf(shop));
    expect(report).toMatchObject({
      status: 'aborted',
      blocks: [{ name: 'lose', status: 'not-run' }, { status: 'not-run' }],
    });
    expect(report.why).toMatch(
      /^lose: the Docker engine on this machine has gone: the replica has gone away/,
    );
    expect(stdout).toContain(`\nreport: ${(await runDirectories(shop.home))[0]}`);
    expect(await replicasOf(shop)).toEqual([]);
  });

  it('with 3 and one message where no run can be recorded, before there is a replica', async () => {
    const shop = await makeShop([...sh('greet', 'local', 'true')]);
    await writeFile(shop.home, 'a file where a directory is wanted');
    const { exitCode, stdout, stderr } = await start(shop, ...rehearse);
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^a run is recorded in .*runs, and nothing can be written there: E.*: make it .*$/,
    );
    expect(stderr.split('\n')).toHaveLength(1);
  });
});

describe('a page that cannot be rehearsed', () => {
  it('as it names no replica is a problem of the page: 2', async () => {
    const frontMatter = ['---', 'database: { service: postgres, user: shop, name: shop }', '---'];
    const shop = await makeShop([...sh('greet', 'local', 'true')], { frontMatter });
    const { exitCode, stderr } = await start(shop, ...rehearse);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /runbook\.md:1:1: nothing here says where the service postgres comes from: name its compose file in `replica:`/,
    );
  });

  it('as it has no such procedure is a word that was not meant: 2, and the nearest', async () => {
    const shop = await makeShop([...sh('greet', 'local', 'true')]);
    const { exitCode, stderr } = await start(shop, ...rehearse, 'great');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no procedure `great`; did you mean `greet`?');
  });
});

/** A server that accepts connections and never says a word, and the URL of a host of OpenSSH's client there. */
async function silentHost(): Promise<{ server: Server; url: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `ssh://nobody@127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const onHost = (url: string) => ({
  frontMatter: [
    '---',
    `nas: { ssh: "${url}", directory: /srv/shop }`,
    'database: { service: postgres, user: shop, name: shop }',
    '---',
  ],
});

describe('a real run', () => {
  it('that is interrupted while it connects ends at once with 130, and says so', async () => {
    const { server, url } = await silentHost();
    onTestFinished(() => void server.close());
    const shop = await makeShop([...sh('greet', 'local', 'true')], onHost(url));
    const connected = once(server, 'connection');
    const child = start(shop, ...REAL_RUN);
    const [socket] = (await connected) as [Socket];
    const hungUp = once(socket.resume(), 'close');
    child.kill('SIGINT');
    const { exitCode, stderr } = await child;
    expect(stderr).toBe(`interrupted while connecting to ${url}; nothing was run`);
    expect(exitCode).toBe(130);
    await hungUp;
  });

  it('whose host cannot be reached ends with 3', async () => {
    const { server, url } = await silentHost();
    await new Promise((resolve) => server.close(resolve));
    const shop = await makeShop([...sh('greet', 'local', 'true')], onHost(url));
    const { exitCode, stderr } = await start(shop, ...REAL_RUN);
    expect(stderr).toMatch(/^ssh:\/\/nobody@127\.0\.0\.1:\d+ cannot be reached: .*Connection refused/);
    expect(exitCode).toBe(3);
  });

  it('that cannot be recorded connects to no host', async () => {
    const { server, url } = await silentHost();
    onTestFinished(() => void server.close());
    const connections: unknown[] = [];
    server.on('connection', (socket) => connections.push(socket));
    const shop = await makeShop([...sh('greet', 'local', 'true')], onHost(url));
    await writeFile(shop.home, '');
    const { exitCode, stderr } = await start(shop, ...REAL_RUN);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^a run is recorded in /);
    expect(connections).toEqual([]);
  });
});
