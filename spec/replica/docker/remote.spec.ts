import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeWith } from '../../support/requires.ts';
import { startSshd } from '../../support/sshd.ts';
import { copyOf, temporaryDirectory } from '../../support/tmp.ts';
import { startTool } from '../../support/tool.ts';

describeWith(['docker', 'sshd'], 'an engine that is reached through SSH', () => {
  it('rehearses, its ports too, and leaves nothing there', { timeout: 240_000 }, async () => {
    const sshd = await startSshd(join(await temporaryDirectory(), 'sshd'), ['nas'], {
      PATH: process.env.PATH ?? '',
    });
    onTestFinished(() => sshd.end());
    const directory = await copyOf('fixtures/others/todo');
    const environment = {
      DOCKER_HOST: 'ssh://nas',
      PATH: [sshd.bin, process.env.PATH].join(delimiter),
    };
    const words = ['rehearse', 'step-1', '--replica', 'docker'];
    const { stdout, stderr, exitCode } = await startTool(words, { directory, environment });
    expect({ stderr, exitCode, stdout }).toMatchObject({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('2 of 2 blocks and 2 of 2 expectations passed');
    const [, id = ''] = /replica (runbook-\w+) \(docker\)/.exec(stdout) ?? [];
    expect(
      execFileSync('docker', ['ps', '--all', '--quiet', '--filter', `name=${id}`], { encoding: 'utf8' }),
    ).toBe('');
  });

  it('says so where it cannot be reached', async () => {
    const sshd = await startSshd(join(await temporaryDirectory(), 'sshd'), ['nas'], {});
    onTestFinished(() => sshd.end());
    const directory = await copyOf('fixtures/others/todo');
    const environment = { DOCKER_HOST: 'ssh://gone', PATH: [sshd.bin, process.env.PATH].join(delimiter) };
    const { stderr, exitCode } = await startTool(['rehearse', '--replica', 'docker'], {
      directory,
      environment,
    });
    expect(exitCode).toBe(3);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toBe('');
  });
});
