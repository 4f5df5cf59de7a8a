import { execFileSync, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type SshOptions, sshHost } from '../../../tools/host/ssh.ts';
import { startStandIn } from '../../../tools/replica/docker/ssh-stand-in.ts';
import { describeWith } from '../../support/requires.ts';
import { REDIS, recipeFor, replicaFor, thingsOf } from './stack.ts';

const NAS = { ssh: 'owner@192.0.2.1', directory: '/share/Some Volume/stack' };

async function nas() {
  const replica = await replicaFor(await recipeFor(REDIS));
  return { replica, host: await startStandIn(replica, NAS, () => undefined) };
}

/** What ssh says to a client with these options instead of the right ones. */
const refusal = ({ host, options = [] }: SshOptions, ...instead: string[]) =>
  spawnSync('ssh', [...instead, ...options, '-o', 'BatchMode=yes', host, 'true'], { encoding: 'utf8' })
    .stderr;

describeWith(['docker', 'ssh'], 'a host that stands in for the NAS', () => {
  it('has the project at the NAS’s own path, its user, and the same engine', async () => {
    const { replica, host } = await nas();
    await replica.up();
    const opened = await sshHost(host);
    onTestFinished(() => opened.close());
    const child = opened.start(['bash', '-c', 'whoami; pwd; docker compose ps --services']);
    child.stdin.end();
    expect(await text(child.stdout)).toBe('owner\n/share/Some Volume/stack\nredis\n');
    await replica.down();
    expect(thingsOf(replica.id)).toEqual([]);
  });

  it('lets in nobody without its key, is nobody else, and has no privileges', async () => {
    const { replica, host } = await nas();
    const withoutKey = {
      ...host,
      options: host.options?.map((each) => (each.endsWith('/key') ? '/dev/null' : each)) ?? [],
    };
    expect(refusal(withoutKey)).toContain('Permission denied (publickey)');
    expect(refusal(host, '-o', 'UserKnownHostsFile=/dev/null')).toContain('Host key verification failed');
    const format = '{{.HostConfig.Privileged}} {{json .HostConfig.PortBindings}}';
    const inspected = execFileSync('docker', ['inspect', '--format', format, `${replica.id}-host`], {
      encoding: 'utf8',
    });
    expect(inspected).toMatch(/^false \{"22\/tcp":\[\{"HostIp":"127\.0\.0\.1"/);
  });

  it('is refused where the engine is on another machine', async () => {
    const replica = await replicaFor(await recipeFor(REDIS));
    vi.stubEnv('DOCKER_HOST', 'tcp://192.0.2.1:2375');
    const started = startStandIn(replica, NAS, () => undefined);
    await expect(started)
      .rejects.toThrow('the engine is at tcp://192.0.2.1:2375: unset DOCKER_HOST')
      .finally(() => vi.unstubAllEnvs());
  });
});
