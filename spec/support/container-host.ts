import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import which from 'which';
import { createDockerReplica } from '../../tools/replica/docker/replica.ts';
import { startStandIn } from '../../tools/replica/docker/ssh-stand-in.ts';
import { quote } from '../../tools/text/quote.ts';
import { openProxy, type SocketProxy } from './proxy.ts';
import { startTool } from './tool.ts';

/** A host that can go down as a machine does: a container with sshd. Its server is in another one. */
export interface ContainerHost {
  /** Where the runbook is, and `.runbook` beside it. */
  here: string;
  /** Writes the runbook: these lines below a front matter that names the host. */
  write(lines: string[]): Promise<void>;
  /** Starts `run main --on nas` with more options, as a process without a terminal. */
  run(...options: string[]): ReturnType<typeof startTool>;
  /** What bash there prints, in the project's directory. */
  bash(script: string): Promise<string>;
  /** Ends the machine and all that runs on it, and starts it anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const STACK = join(import.meta.dirname, 'host');
const DATABASE = { service: 'postgres', user: 'crosshot', name: 'crosshot' };
const ADDRESS = { ssh: 'owner@127.0.0.1', directory: '/srv/shop' };

export async function makeContainerHost(): Promise<ContainerHost> {
  const here = await mkdtemp(join(tmpdir(), 'runbook-host-'));
  // Without its database it bears no mark of a replica: runs take it for a real one.
  const recipe = { stack: STACK, ports: [], database: null, home: join(here, 'replicas') };
  const replica = await createDockerReplica(recipe);
  const proxy = await openProxy();
  const close = async () => {
    proxy.close();
    await replica.down();
    await rm(here, { recursive: true, force: true });
  };
  try {
    await replica.up(['postgres']);
    const { options = [] } = await startStandIn(replica, ADDRESS, () => undefined);
    const bin = join(here, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'ssh'), sshThrough(proxy, options), { mode: 0o755 });
    const container = `${replica.id}-host`;
    await leadTo(container, proxy);
    return { here, ...ofContainer(container, proxy), ...ofTool(join(here, 'runbook.md'), bin), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Each time that the container starts, the engine gives its port another number. */
async function leadTo(container: string, proxy: SocketProxy): Promise<void> {
  const { stdout } = await execa('docker', ['port', container, '22/tcp']);
  proxy.leadTo(Number(stdout.split(':').at(-1)));
}

function sshThrough(proxy: SocketProxy, options: string[]): string {
  const known = `[127.0.0.1]:${options[options.indexOf('-p') + 1]}`;
  const words = ['-p', String(proxy.port), ...options, '-o', `HostKeyAlias=${known}`];
  return `#!/bin/sh\nexec ${which.sync('ssh')} ${words.map(quote).join(' ')} "$@"\n`;
}

function ofContainer(container: string, proxy: SocketProxy): Pick<ContainerHost, 'bash' | 'restart'> {
  return {
    async bash(script) {
      const argv = ['exec', '--workdir', ADDRESS.directory, container, 'bash', '-c', script];
      return (await execa('docker', argv)).stdout;
    },
    async restart() {
      await execa('docker', ['restart', '--time', '0', container]);
      await leadTo(container, proxy);
    },
  };
}

function ofTool(runbook: string, bin: string): Pick<ContainerHost, 'write' | 'run'> {
  const environment = { PATH: [bin, process.env.PATH].join(delimiter), SSHPASS: '' };
  return {
    async write(lines) {
      const matter = JSON.stringify({ nas: ADDRESS, database: DATABASE });
      await writeFile(runbook, ['---', matter, '---', '# Shop', '', ...lines, ''].join('\n'));
    },
    run: (...words) =>
      startTool(['--runbook', runbook, 'run', 'main', '--on', 'nas', '--yes', ...UNREHEARSED, ...words], {
        environment,
      }),
  };
}

const UNREHEARSED = ['--unrehearsed', 'this is a spec'];
