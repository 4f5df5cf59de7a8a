import { DockerCommandError } from '../errors.ts';
import { type ExecContext, openConnection } from '../protocol.ts';
import type { Host } from './host.ts';
import { lastValue, type OptionTable, readOptions } from './options.ts';
import { runInContainer } from './run-in-container.ts';

const OPTIONS: OptionTable = {
  flags: {
    ...{ '-T': 'no-tty', '--no-TTY': 'no-tty', '-t': 'tty', '--tty': 'tty' },
    ...{ '-i': 'interactive', '--interactive': 'interactive', '-d': 'detach', '--detach': 'detach' },
  },
  values: {
    ...{ '-e': 'env', '--env': 'env', '-w': 'workdir', '--workdir': 'workdir' },
    ...{ '-u': 'user', '--user': 'user' },
  },
  stopsAtArgument: true,
};

/** `docker compose exec`: runs a command inside a running service. */
export async function exec(host: Host, words: string[]): Promise<number> {
  const noInput = words.includes('--interactive=false');
  const given = readOptions(words, OPTIONS);
  const [service, ...command] = given.arguments;
  if (service === undefined || command.length === 0) {
    throw new DockerCommandError(`requires at least 2 arg(s), only received ${given.arguments.length}`, 1);
  }
  const connection = openConnection(host.layout.engineSocket, { ask: 'exec', service });
  try {
    return await runInContainer(connection, (await connection.answer()) as ExecContext, {
      words: command,
      variables: given.values.get('env') ?? [],
      workingDirectory: lastValue(given, 'workdir'),
      user: lastValue(given, 'user'),
      hasInput: !noInput && !given.flags.has('detach'),
      hasTerminal: process.stdin.isTTY === true && !given.flags.has('no-tty'),
      isDetached: given.flags.has('detach'),
    });
  } finally {
    connection.close();
  }
}
