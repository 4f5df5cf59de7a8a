import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Host } from '../../tools/host/host.ts';
import { openLink } from '../../tools/host/link.ts';
import { localHost } from '../../tools/host/local.ts';
import { runShell, type ShellRun } from '../../tools/host/shell.ts';
import { sshHost } from '../../tools/host/ssh.ts';
import { FOLLOW, NO_ROOM, SUPERVISE, supervisorInput } from '../../tools/host/supervisor.ts';
import type { Fact } from '../../tools/outcome/fact.ts';
import { UnknownEnd } from '../../tools/outcome/output.ts';
import { openProxy, type SocketProxy } from '../support/proxy.ts';
import { describeWith } from '../support/requires.ts';
import { newRunId } from '../support/run-id.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const MARK = `RUNBOOK_LINK_SPEC=${newRunId()}`;
const [MARK_NAME = '', MARK_VALUE] = MARK.split('=');
process.env[MARK_NAME] = MARK_VALUE;

/** A block that says that it has begun, waits for a file `go`, and writes to a ledger when it has ended. */
const WAITS = [
  'echo begun >>ledger; echo begun; echo warned >&2',
  'until [ -e go ]; do sleep 0.05; done',
  'echo ended >>ledger; echo ended; export LEFT=behind',
].join('\n');

const UNDISTURBED = {
  exitCode: 0,
  stdout: { text: 'begun\nended\n' },
  stderr: { text: 'warned\n' },
  exports: { LEFT: 'behind' },
  timedOut: false,
};

const scriptOf = (text: string, cwd: string, timeoutMs = 60_000) => ({
  ...{ name: 'runbook.md', text, line: 1, cwd, environment: {}, timeoutMs },
});

interface Recorder extends ShellRun {
  facts: Fact[];
}

function recorder(onLine: (line: string) => void): Recorder {
  const facts: Fact[] = [];
  const record = async (fact: Fact) => void facts.push(fact);
  const { signal } = new AbortController();
  return { unit: `${newRunId()}/block.1`, begun: null, facts, record, onLine, signal };
}

const states = ({ facts }: Recorder) =>
  facts.flatMap((fact) => (fact.type === 'link-changed' ? [fact.state] : []));

describeWith(['sshd'], 'a block beyond a link that breaks', () => {
  let sshd: Sshd;
  let here: string;
  let home: string;
  let proxy: SocketProxy;
  let directory: string;
  let host: Host;
  beforeAll(async () => {
    here = await mkdtemp(join(tmpdir(), 'runbook-link-'));
    home = join(here, 'sshd');
    sshd = await startSshd(home, ['nas'], { RUNBOOK_STATE: join(here, 'state') });
    proxy = await openProxy(sshd.port);
  });
  beforeEach(async () => {
    directory = await temporaryDirectory();
    const alive = ['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=2'];
    const options = ['-F', join(home, 'ssh_config'), '-p', String(proxy.port), ...alive];
    host = await sshHost({ host: 'nas', directory, options });
    return () => host.close();
  });
  afterAll(async () => {
    proxy?.close();
    await sshd?.end();
    await rm(here, { recursive: true, force: true });
  });

  it.each([
    ['ssh is killed, its shared connection too', () => killAll(isOurSsh)],
    ['the server’s side of it is killed', () => killAll(isSessionOf(sshd.pid))],
    ['the network is silent from now on', () => proxy.silence()],
    ['the network is cut', () => proxy.cut()],
  ])('goes on where %s, and runs once', async (_, disturb) => {
    const run = recorder((line) => {
      if (line === 'begun') disturb();
    });
    const running = runShell(host, scriptOf(WAITS, directory), run);
    await expect.poll(() => states(run), { timeout: 120_000 }).toContain('back');
    await writeFile(join(directory, 'go'), '');
    const { output, forget } = await running;
    await forget();
    expect(output).toMatchObject(UNDISTURBED);
    expect(await readFile(join(directory, 'ledger'), 'utf8')).toBe('begun\nended\n');
    expect(states(run)).toEqual(['lost', 'back']);
  });

  it('leaves what a killed tool had of its link to the next, which removes it, and no living one’s', async () => {
    const { stdout: pid } = await execa('sh', ['-c', 'echo $$']);
    const links = await Promise.all(
      [pid, process.pid].map((owner) => mkdtemp(join(tmpdir(), `runbook-ssh-${owner}-`))),
    );
    onTestFinished(async () => {
      for (const link of links) await rm(link, { recursive: true, force: true });
    });
    const next = await sshHost({ host: 'nas', directory, options: ['-F', join(home, 'ssh_config')] });
    await next.close();
    expect(links.map((link) => existsSync(link))).toEqual([false, true]);
  });

  it('is ended at its deadline all the same, over a link of its own', async () => {
    const run = recorder((line) => {
      if (line === 'begun') proxy.silence();
    });
    const { output, forget } = await runShell(host, scriptOf(WAITS, directory, 6000), run);
    await forget();
    expect(output).toMatchObject({ timedOut: true, stdout: { text: 'begun\n' } });
    await writeFile(join(directory, 'go'), '');
    expect(await readFile(join(directory, 'ledger'), 'utf8')).toBe('begun\n');
  });

  it('may still be running, and it is said so, where its deadline comes and nothing answers', async () => {
    const run = recorder((line) => {
      if (line === 'begun') proxy.refuse();
    });
    const running = runShell(host, scriptOf(WAITS, directory, 3000), run);
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toThrow(/^it may still be running on nas, which does not answer/);
    proxy.accept();
    await writeFile(join(directory, 'go'), '');
    const ledger = () => readFile(join(directory, 'ledger'), 'utf8');
    await expect.poll(ledger, { timeout: 120_000 }).toBe('begun\nended\n');
  });
});

it('a block that an earlier run began is waited for, and gives all that it printed', async () => {
  const { host, directory, unit } = await begunBefore();
  const run = { ...recorder(() => undefined), begun: begunOf(unit) };
  const running = runShell(host, scriptOf('echo again >>ledger', directory), run);
  await expect.poll(() => run.facts, { timeout: 120_000 }).toMatchObject([{ type: 'block-begun', unit }]);
  await writeFile(join(directory, 'go'), '');
  const { output, forget } = await running;
  await forget();
  expect(output).toMatchObject(UNDISTURBED);
  expect(await readFile(join(directory, 'ledger'), 'utf8')).toBe('begun\nended\n');
});

it('a block that an earlier run began and that has ended is read', async () => {
  const { host, directory, unit, first } = await begunBefore();
  await writeFile(join(directory, 'go'), '');
  await first;
  const run = { ...recorder(() => undefined), begun: begunOf(unit) };
  const { output, forget } = await runShell(host, scriptOf('echo again >>ledger', directory), run);
  await forget();
  expect(output).toMatchObject(UNDISTURBED);
  expect(await readFile(join(directory, 'ledger'), 'utf8')).toBe('begun\nended\n');
});

it('a block whose directory is gone, or never was, has an unknown end once its machine has started anew', async () => {
  const directory = await temporaryDirectory();
  const host = localHost({ directory });
  const begun = begunOf(`${newRunId()}/block.1`, 'another boot');
  const running = runShell(host, scriptOf('touch ran', directory), { ...recorder(() => undefined), begun });
  await expect(running).rejects.toThrow(UnknownEnd);
  expect(readdirSync(directory)).toEqual([]);
});

it('a block that surely never began begins, once', async () => {
  const directory = await temporaryDirectory();
  const host = localHost({ directory });
  const begun = begunOf(`${newRunId()}/block.1`);
  const run = { ...recorder(() => undefined), begun };
  const { output, forget } = await runShell(host, scriptOf('echo ran >>ledger', directory), run);
  await forget();
  expect(output.exitCode).toBe(0);
  expect(await readFile(join(directory, 'ledger'), 'utf8')).toBe('ran\n');
  expect(run.facts).toMatchObject([{ type: 'block-begun', unit: run.unit }]);
});

it('a script that was still on its way when its block was looked for does not run any more', async () => {
  const directory = await temporaryDirectory();
  const { start } = localHost({ directory });
  const unit = `${newRunId()}/block.1`;
  const reader = { stdout: () => undefined, stderr: () => undefined };
  const slow = openLink(start, SUPERVISE, ['runbook.md', unit], reader);
  expect(await slow.header).toMatchObject({ state: 'new' });
  const follower = openLink(start, FOLLOW, ['runbook.md', unit, '0', '0'], reader);
  expect(await follower.header).toMatchObject({ state: 'absent' });
  slow.send(supervisorInput({}, null, 'touch ran', 1));
  expect(await slow.closed).toMatchObject({ exitCode: NO_ROOM });
  expect(existsSync(join(directory, 'ran'))).toBe(false);
});

/** A block that another has begun and does not look after any more. */
async function begunBefore() {
  const directory = await temporaryDirectory();
  const host = localHost({ directory });
  const before = recorder(() => undefined);
  const first = runShell(host, scriptOf(WAITS, directory), before);
  first.catch(() => undefined);
  const ledger = () => readFile(join(directory, 'ledger'), 'utf8').catch(() => '');
  await expect.poll(ledger, { timeout: 120_000 }).toBe('begun\n');
  return { host, directory, unit: before.unit, first };
}

function begunOf(unit: string, boot = bootOf()) {
  const answered = { type: 'block-begun' as const, unit, boot };
  return { run: 'earlier', name: 'block', attempt: 1, at: new Date().toISOString(), answered, prepared: [] };
}

function bootOf(): string {
  const stat = readFileSync('/proc/1/stat', 'utf8');
  const started = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19];
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}.${started}`;
}

/** Kills every process that `isOf` says yes to. */
function killAll(isOf: (pid: string) => boolean): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (isOf(pid)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

const isCalled = (pid: string, name: RegExp) => name.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));

/** OpenSSH's client and the connection that it shares, of this file. */
const isOurSsh = (pid: string) =>
  isCalled(pid, /^ssh$/m) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(MARK);

/** The server's process for one connection. */
const isSessionOf = (sshd: number) => (pid: string) =>
  isCalled(pid, /^sshd/) && new RegExp(`\\) \\w ${sshd} `).test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
