import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import which from 'which';
import { describeWith } from '../support/requires.ts';
import { startSshd } from '../support/sshd.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

const block = (name: string, on: string, script: string) =>
  [`\`\`\`sh { name=${name} on=${on} }`, script, '```', ''].join('\n');

interface Odd {
  environment?: Record<string, string>;
  /** Programs there, by name: their script. */
  programs?: Record<string, string>;
  path?: string[];
  blocks?: string[];
}

/** A host that has bash and a few other programs, and what is odd about it. */
async function oddHost({ environment = {}, programs = {}, path = [], blocks = [] }: Odd) {
  const home = await temporaryDirectory();
  const bin = join(home, 'programs');
  await mkdir(bin);
  await mkdir(join(home, 'vendor'));
  for (const name of ['bash', 'mktemp', 'rm', 'date', 'test'])
    if (!(name in programs)) await symlink(which.sync(name), join(bin, name));
  for (const [name, script] of Object.entries(programs))
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const sshd = await startSshd(join(home, 'sshd'), ['nas'], { PATH: bin, ...environment });
  onTestFinished(() => sshd.end());
  const lines = [
    '---',
    `nas: { ssh: nas, directory: ${home}${path.length > 0 ? `, path: [${path}]` : ''} }`,
    'database: { service: postgres, user: shop, name: shop }',
    '---',
    '# Shop',
    '',
    '## Step 1: Go',
    '',
    ...[block('there', 'nas', 'true'), ...blocks],
  ];
  await writeFile(join(home, 'runbook.md'), lines.join('\n'));
  const tool = async (...words: string[]) => {
    const PATH = [sshd.bin, process.env.PATH].join(delimiter);
    const ended = await startTool(words, { directory: home, environment: { PATH, SSHPASS: '' } });
    return { ...ended, said: (ended.stdout + ended.stderr).replaceAll(home, '<home>') };
  };
  return {
    home,
    bin,
    tool,
    run: () => tool('run', 'main', '--on', 'nas', '--yes', '--unrehearsed', 'a spec'),
  };
}

const DOCKER = { docker: 'exit 0' };

describeWith(['sshd'], 'before anything runs', () => {
  it('all that is missing here and there is shown together, where it is called, and nothing has run', async () => {
    const { run } = await oddHost({
      programs: DOCKER,
      blocks: [
        block('write', 'nas', 'touch written'),
        block('late', 'nas', 'true |\n  no-such-there'),
        block('smoke', 'local', 'no-such-curl --fail http://shop | sort'),
        block('again', 'local', 'no-such-curl x'),
      ],
    });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(3);
    expect(stderr.split('\n')).toEqual([
      'runbook.md:14:1: nas has no program `touch` on its PATH, which write would call; install it there, or write `path: [its directory]` below the host in the front matter [preflight]',
      'runbook.md:19:3: nas has no program `no-such-there` on its PATH, which late would call; install it there, or write `path: [its directory]` below the host in the front matter [preflight]',
      'runbook.md:23:1: this machine has no program `no-such-curl`, which smoke and again would call; install it, or put its directory on PATH [preflight]',
      'nothing has run',
    ]);
  });

  it('a directory that the front matter puts before PATH there has what was missing', async () => {
    const lacking = await oddHost({});
    const { exitCode: status, said: lack } = await lacking.tool('doctor', '--on', 'nas');
    // It may be elsewhere on this machine.
    expect(lack).toMatch(/nas has (no program `docker`|`docker` in \S+, which is not) on its PATH/);
    expect(lack).toMatch(/ `path: \[.+\]` below the host/);
    expect(status).toBe(3);
    const vendor = await temporaryDirectory();
    await writeFile(join(vendor, 'docker'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const mended = await oddHost({ path: [vendor] });
    const { said, exitCode } = await mended.tool('doctor', '--on', 'nas');
    expect(said).toContain('✓ nas has what a run of main takes');
    expect(exitCode).toBe(0);
  });

  it('a temporary directory that cannot be written to is told', async () => {
    const { run } = await oddHost({ programs: DOCKER, environment: { TMPDIR: '/no/such' } });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/nas has no temporary directory that can be written to: .*\/no\/such/);
  });

  it('a clock that is two minutes ahead is told', async () => {
    const date = `echo $(( $(${which.sync('date')} +%s) + 120 ))`;
    const { run } = await oddHost({ programs: { ...DOCKER, date } });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/the clock of nas is (1 min 59 s|2 min|2 min 01 s) ahead of that of this machine/);
  });

  it('what login files print is told, as a warning', async () => {
    const HOME = await temporaryDirectory();
    const { tool } = await oddHost({ programs: DOCKER, environment: { HOME } });
    expect((await tool('doctor', '--on', 'nas')).said).not.toContain('login files');
    await writeFile(join(HOME, '.bashrc'), 'echo Welcome to the NAS\n');
    const { said } = await tool('doctor', '--on', 'nas');
    expect(said).toContain('! runbook.md:1:1: login files of nas print "Welcome to the NAS');
    expect(said).toContain('✓ nas has what a run of main takes');
  });

  it('a host without bash is told', async () => {
    const { bin, run } = await oddHost({ programs: DOCKER });
    await rm(join(bin, 'bash'));
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/nas could not be asked what it has: .*bash.*not found/);
  });
});
