import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { runDirectories } from '../../tools/journal/journal.ts';
import { foldReport } from '../../tools/report/report.ts';
import { appears } from '../support/awaiting.ts';
import { describeWithDocker } from '../support/requires.ts';
import { eventsOf, makeShop, sh, start } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** A way to the Docker engine that can be cut, and is then what an engine is that has gone. */
async function wayToEngine(): Promise<{ host: string; cut(): void }> {
  const format = ['--format', '{{.Endpoints.docker.Host}}'];
  const { stdout } = await execa('docker', ['context', 'inspect', ...format]);
  const socket = join(await temporaryDirectory(), 'engine');
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: stdout.replace('unix://', ''), allowHalfOpen: true });
    for (const one of [client, engine]) {
      open.add(one);
      one.on('error', () => one.destroy()).once('close', () => open.delete(one));
    }
    client.pipe(engine).pipe(client);
  }).listen(socket);
  await once(server, 'listening');
  const cut = () => {
    server.close();
    for (const one of open) one.destroy();
  };
  onTestFinished(cut);
  return { host: `unix://${socket}`, cut };
}

describeWithDocker('a Docker engine that goes away in a block', () => {
  it('ends the rehearsal with 3 and a report, and the replica can be removed once it is back', async () => {
    const { host, cut } = await wayToEngine();
    const script = [
      'touch "$BEGUN"',
      'while docker compose ps >/dev/null 2>&1; do sleep 0.1; done',
      'docker compose ps',
    ];
    const shop = await makeShop([...sh('lose', 'nas', script.join('\n'))]);
    const begun = join(shop.directory, 'begun');
    const environment = { DOCKER_HOST: host, BEGUN: begun };
    const child = start({ ...shop, environment }, 'rehearse', '--replica', 'docker');
    await appears(begun, child);
    cut();
    const { exitCode, stdout, stderr } = await child;
    const [, id = ''] = /replica (runbook-\w+) \(docker\)/.exec(stdout) ?? [];
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    const report = foldReport(await eventsOf(shop));
    expect(report).toMatchObject({ status: 'aborted', blocks: [{ status: 'not-run' }] });
    expect(report.why).toMatch(/^lose: the Docker engine on this machine has gone: /);
    expect(stdout).toContain(`\nreport: ${(await runDirectories(shop.home))[0]}`);
    expect((await start(shop, 'down', id)).exitCode).toBe(0);
  });
});
