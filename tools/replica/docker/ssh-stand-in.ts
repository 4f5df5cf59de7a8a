import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { SshOptions } from '../../host/ssh.ts';
import { type Replica, ReplicaError } from '../replica.ts';
import { docker } from './docker.ts';
import { explainFailure } from './failures.ts';
import { labelsFor } from './labels.ts';
import { standInImage } from './stand-in-image.ts';

/** A host of the front matter that is reached by SSH. */
export interface SshAddress {
  /** `user@host`: the stand-in has that user. */
  ssh: string;
  /** The project directory: the stand-in has it at the same path. */
  directory: string;
}

/**
 * Starts a host that stands in for a real one: sshd, the docker command and a copy of the replica's project, beside the
 * same engine. It ends with the replica. Returns how to reach it with OpenSSH's client.
 * Throws ReplicaError where the engine has no local socket, or OpenSSH's client is missing.
 */
export async function startStandIn(
  replica: Replica,
  address: SshAddress,
  say: (line: string) => void,
): Promise<SshOptions> {
  const socket = await engineSocket();
  const image = await standInImage(say);
  const home = join(dirname(replica.directory), 'host');
  await makeKeys(home);
  const [user = ''] = address.ssh.includes('@') ? address.ssh.split('@') : ['runbook'];
  const labels = Object.entries(labelsFor(replica.id, dirname(home))).flatMap((pair) => [
    '--label',
    pair.join('='),
  ]);
  const name = `${replica.id}-host`;
  await docker([
    ...['create', '--name', name, ...labels, '--env', `HOST_USER=${user}`, '--workdir', address.directory],
    ...['--publish', '127.0.0.1::22', '--volume', `${socket}:/var/run/docker.sock`, image],
  ]);
  await docker(['cp', '--quiet', `${replica.directory}/.`, `${name}:${address.directory}`]);
  await docker(['cp', '--quiet', join(home, 'server'), `${name}:/etc/host-keys`]);
  await docker(['start', name]);
  await listening(name);
  const port = (await docker(['port', name, '22/tcp'])).split(':').at(-1) ?? '';
  const options = await clientOptions(home, port);
  return { host: `${user}@127.0.0.1`, directory: address.directory, options };
}

/** Where the engine listens on its own machine. */
async function engineSocket(): Promise<string> {
  const endpoint = await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  if (!endpoint.startsWith('unix://')) {
    throw new ReplicaError(
      `--through ssh needs a local engine, and the engine is at ${endpoint}: unset DOCKER_HOST, or go without`,
    );
  }
  // Docker Desktop's engine runs in a virtual machine, where its socket has the usual name.
  return process.platform === 'darwin' ? '/var/run/docker.sock' : endpoint.slice('unix://'.length);
}

/** Keys of the client and of the host, good for this replica only. `server` is what the host gets of them. */
async function makeKeys(home: string): Promise<void> {
  const server = join(home, 'server');
  await mkdir(server, { recursive: true });
  await makeKey(join(home, 'key'));
  await makeKey(join(server, 'host_key'));
  await rename(join(home, 'key.pub'), join(server, 'authorized_keys'));
}

async function makeKey(path: string): Promise<void> {
  const { failed, code, stderr } = await execa(
    'ssh-keygen',
    ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path],
    { reject: false },
  );
  if (code === 'ENOENT') {
    throw new ReplicaError('there is no ssh-keygen: install OpenSSH’s client, or leave --through out');
  }
  if (failed) throw new ReplicaError(`no key can be made for the replica: ${stderr}`);
}

async function listening(name: string): Promise<void> {
  const logs = execa('docker', ['logs', '--follow', name], { all: true, buffer: false, reject: false });
  const said: string[] = [];
  let heard = false;
  for await (const line of logs.iterable({ from: 'all' })) {
    said.push(String(line));
    heard ||= String(line).startsWith('Server listening on');
    if (heard) logs.kill();
  }
  if (!heard) throw explainFailure(name, said.join('\n'));
}

/** The caller's own ~/.ssh must neither help nor hinder; the host key is the one that was made for it. */
async function clientOptions(home: string, port: string): Promise<string[]> {
  const known = join(home, 'known_hosts');
  await writeFile(
    known,
    `[127.0.0.1]:${port} ${await readFile(join(home, 'server', 'host_key.pub'), 'utf8')}`,
  );
  const settings = [
    `UserKnownHostsFile="${known}"`,
    'GlobalKnownHostsFile=none',
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
  ];
  return ['-F', 'none', '-p', port, '-i', join(home, 'key'), ...settings.flatMap((each) => ['-o', each])];
}
