import { execa } from 'execa';
import { ReplicaError } from '../replica.ts';
import { explainFailure, OR_EMBEDDED } from './failures.ts';

export interface DockerOptions {
  /** Added to the caller's environment. */
  environment?: Record<string, string>;
  /** Each line as it is printed, of either stream. */
  onLine?: (line: string) => unknown;
  /** Files or data for its standard input. */
  input?: string;
  /** Ends the command. */
  signal?: AbortSignal | undefined;
}

/** Runs the docker command and gives its standard output. Throws ReplicaError that says what to do. */
export async function docker(args: string[], options: DockerOptions = {}): Promise<string> {
  const child = execa('docker', args, {
    env: { ...options.environment, DOCKER_CLI_HINTS: 'false' },
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    // Ctrl-C is the rehearsal's to handle: what removes a replica must not die of it.
    detached: true,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    cleanup: false,
    reject: false,
    all: true,
  });
  if (options.onLine) for await (const line of child.iterable({ from: 'all' })) options.onLine(String(line));
  const { failed, code, stdout, all } = await child;
  if (code === 'ENOENT') {
    throw new ReplicaError(`there is no docker command: install Docker${OR_EMBEDDED}`);
  }
  if (failed) throw explainFailure(`docker ${args.slice(0, 4).join(' ')}`, all);
  return stdout;
}
