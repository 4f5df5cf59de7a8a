import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from '../outcome/output.ts';
import { quote } from '../text/quote.ts';
import { containerHost } from './container.ts';
import { type Host, makeHost } from './host.ts';
import { NEVER, orInterrupted } from './interruption.ts';

export interface SshOptions {
  /** `user@host`, or a name of ~/.ssh/config. */
  host: string;
  /** The project directory there. */
  directory: string;
  /** Directories that stand before PATH there. */
  path?: string[] | undefined;
  /** More options for OpenSSH's client, e.g. `-p 2222` of a host in a container. */
  options?: string[];
}

/**
 * OpenSSH's own client, so that ~/.ssh/config, agents and known_hosts mean what they always mean. One connection is
 * kept and shared. A password, where there must be one, is taken from SSHPASS and reaches ssh through its askpass
 * program: no argument, file or log holds it. Throws CannotRun where the host cannot be reached, and Interrupted where
 * `signal` aborts before it is.
 */
export async function sshHost(
  { host, directory, path = [], options = [] }: SshOptions,
  signal: AbortSignal = NEVER,
): Promise<Host> {
  await removeLeft();
  const home = await mkdtemp(join(tmpdir(), `runbook-ssh-${process.pid}-`));
  const env = { ...process.env, ...(await askpass(home)) };
  const shared = [
    '-o',
    'ControlMaster=auto',
    '-o',
    `ControlPath=${join(home, 's')}`,
    '-o',
    'ControlPersist=60',
  ];
  const alive = ['-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4', '-o', 'ConnectTimeout=15'];
  const batch = process.env.SSHPASS || process.stdin.isTTY ? [] : ['-o', 'BatchMode=yes'];
  const flags = [...options, ...shared, ...alive, ...batch];
  const machine: Host = makeHost({
    name: host,
    start(argv) {
      const before = path.length > 0 ? `export PATH=${quote(path.join(':'))}:"$PATH" && ` : '';
      const command = `cd ${quote(directory)} && ${before}exec ${argv.map(quote).join(' ')}`;
      return spawn('ssh', [...flags, '-T', host, '--', command], { env, detached: true });
    },
    typed: (argv) => `ssh ${quote(host)} ${quote(`cd ${quote(directory)} && ${argv.map(quote).join(' ')}`)}`,
    inside: (service) => containerHost(machine, service),
    async close() {
      const child = spawn('ssh', [...flags, '-O', 'exit', host], { env, stdio: 'ignore' });
      await once(child, 'close').catch(() => undefined);
      await rm(home, { recursive: true, force: true });
    },
  });
  await greet(machine, directory, signal);
  return machine;
}

/** Removes what killed tools left of their connections, which end by themselves. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = /^runbook-ssh-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // What is another user's stays.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function greet(host: Host, directory: string, signal: AbortSignal): Promise<void> {
  const child = host.start(['test', '-d', '.']);
  // What login files print would otherwise fill the stream, and nothing would go on.
  child.stdout.resume();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new CannotRun(`ssh cannot be started: ${error.message}`)));
    child.once('close', (status) => resolve(status ?? 255));
  });
  try {
    const code = await orInterrupted(ended, signal, `connecting to ${host.name}`);
    if (code === 0) return;
    const what = code === 255 ? 'cannot be reached' : `has no directory ${directory}`;
    throw new CannotRun(`${host.name} ${what}: ${said.trim() || `ssh ended with ${code}`}`);
  } catch (error) {
    if (child.exitCode === null && child.pid !== undefined) endGroup(child.pid);
    await host.close();
    throw error;
  }
}

/** With whatever ssh itself has started to get through, such as a ProxyCommand. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}

async function askpass(home: string): Promise<Record<string, string>> {
  if (!process.env.SSHPASS) return {};
  const program = join(home, 'askpass');
  await writeFile(program, '#!/bin/sh\nprintf "%s\\n" "$SSHPASS"\n');
  await chmod(program, 0o700);
  return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env.DISPLAY ?? ':0' };
}
