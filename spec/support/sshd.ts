import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import which from 'which';
import { findFreePorts } from '../../tools/machine/free-ports.ts';
import { findSshd } from '../../tools/machine/sshd.ts';
import { childrenOf, kill } from './processes.ts';

/** A running OpenSSH server of this machine. */
export interface Sshd {
  /** The directory of an `ssh` that knows this server, by each of the names, and nothing of the caller's own. */
  bin: string;
  pid: number;
  port: number;
  end(): Promise<void>;
  /** Ends it, and every connection that it has. */
  cut(): Promise<void>;
  /** Starts it again, at the same port. */
  again(): Promise<void>;
}

/**
 * Starts sshd on a loopback port, as the current user and for that user, with keys of its own. Whoever logs in sees
 * `environment`, and has `shell`'s words for a login shell; `options` come before those of every call of ssh. `gone` is a
 * name that nothing answers to. Throws with what sshd said where it ends at once.
 */
export async function startSshd(
  home: string,
  names: string[],
  environment: Record<string, string>,
  options: string[] = [],
  shell = '',
): Promise<Sshd> {
  await mkdir(home);
  for (const key of ['host_key', 'key'])
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(home, key)]);
  // Where root's sshd locks itself in while a client logs in; the system's service makes it, and may not be there.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const { port = 0, gone = 0 } = await findFreePorts(['port', 'gone'], {});
  // The login files of whoever runs the specs are none of the host's.
  const there = { HOME: join(home, 'home'), ...environment };
  await mkdir(join(home, 'home'));
  const login = shell ? `ForceCommand exec ${shell} -c "$SSH_ORIGINAL_COMMAND"\n` : '';
  await writeFile(join(home, 'sshd_config'), `${serverConfig(home, port, there)}${login}`);
  await writeFile(join(home, 'known_hosts'), `nas ${await readFile(join(home, 'host_key.pub'), 'utf8')}`);
  await writeFile(join(home, 'ssh_config'), clientConfig(home, port, names, gone));
  const bin = join(home, 'bin');
  await mkdir(bin);
  const ssh = `exec ${which.sync('ssh')} -F ${join(home, 'ssh_config')} ${options.join(' ')} "$@"`;
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\n${HOLD}\n${ssh}\n`, { mode: 0o755 });
  return { bin, port, ...(await listen(join(home, 'sshd_config'))) };
}

/** Where HOLD names a file, ssh says in it that it has been called, and waits until the file is gone. */
const HOLD = 'if [ -e "${HOLD-}" ]; then echo held > "$HOLD"; while [ -e "$HOLD" ]; do sleep 0.1; done; fi';

async function listen(config: string): Promise<Pick<Sshd, 'pid' | 'end' | 'cut' | 'again'>> {
  let { server, closed } = await startServer(config);
  const end = async () => {
    server.kill();
    await closed;
  };
  return {
    pid: server.pid as number,
    end,
    async cut() {
      // First, so that it takes no other meanwhile.
      server.kill('SIGSTOP');
      kill(childrenOf(server.pid as number));
      server.kill('SIGKILL');
      await closed;
    },
    async again() {
      ({ server, closed } = await startServer(config));
    },
  };
}

async function startServer(config: string) {
  const server = spawn(findSshd() ?? 'sshd', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(server, 'close');
  const said: string[] = [];
  const listening = new Promise<true>((resolve) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('Server listening on')) resolve(true);
    });
  });
  if ((await Promise.race([listening, closed])) !== true) throw new Error(`sshd ended:\n${said.join('\n')}`);
  return { server, closed };
}

/** As strict as a NAS may be: a key or nothing, and no forwarding of any kind. */
const serverConfig = (home: string, port: number, environment: Record<string, string>) => `
ListenAddress 127.0.0.1:${port}
HostKey ${join(home, 'host_key')}
AuthorizedKeysFile ${join(home, 'key.pub')}
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
DisableForwarding yes
UsePAM no
SetEnv ${Object.entries(environment)
  .map(([name, value]) => `"${name}=${value}"`)
  .join(' ')}
`;

const clientConfig = (home: string, port: number, names: string[], gone: number) => `
Host gone
  Port ${gone}
Host ${names.join(' ')}
  Port ${port}
Host *
  HostName 127.0.0.1
  HostKeyAlias nas
  User ${userInfo().username}
  IdentityFile ${join(home, 'key')}
  IdentitiesOnly yes
  UserKnownHostsFile ${join(home, 'known_hosts')}
  GlobalKnownHostsFile none
  StrictHostKeyChecking yes
`;
