import { DockerCommandError } from '../errors.ts';
import { type ExecContext, openConnection } from '../protocol.ts';
import { splitWords } from '../words.ts';
import type { Host } from './host.ts';
import { lastValue, type OptionTable, readOptions } from './options.ts';
import { endOneOff, runInContainer } from './run-in-container.ts';

const OPTIONS: OptionTable = {
  flags: {
    ...{ '-T': 'no-tty', '--no-TTY': 'no-tty', '-i': 'interactive', '--interactive': 'interactive' },
    ...{ '--rm': 'rm', '--no-deps': 'no-deps', '-d': 'detach', '--detach': 'detach' },
    ...{ '--quiet-pull': 'quiet', '--build': 'build', '--remove-orphans': 'orphans' },
  },
  values: {
    ...{ '-e': 'env', '--env': 'env', '-w': 'workdir', '--workdir': 'workdir' },
    ...{ '-u': 'user', '--user': 'user', '--entrypoint': 'entrypoint' },
  },
  stopsAtArgument: true,
};

/** `docker compose run`: a command in a container of its own, once the service's dependencies are up. */
export async function run(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, OPTIONS);
  const [service, ...command] = given.arguments;
  if (service === undefined) throw new DockerCommandError('requires at least 1 arg(s), only received 0', 1);
  const request = { ask: 'run', service, dependencies: !given.flags.has('no-deps') } as const;
  const connection = openConnection(host.layout.engineSocket, request, (line) => host.say(` ${line}`));
  try {
    const context = (await connection.answer()) as ExecContext;
    const entrypoint = lastValue(given, 'entrypoint');
    const started = runInContainer(connection, context, {
      words: commandOf(context, entrypoint, command),
      variables: given.values.get('env') ?? [],
      workingDirectory: lastValue(given, 'workdir'),
      user: lastValue(given, 'user'),
      hasInput: !given.flags.has('detach') && !words.includes('--interactive=false'),
      hasTerminal: process.stdin.isTTY === true && !given.flags.has('no-tty'),
      isDetached: given.flags.has('detach'),
    });
    const exitCode = await started;
    if (!given.flags.has('detach')) await endOneOff(host.layout.id, context);
    return exitCode;
  } finally {
    connection.close();
  }
}

function commandOf(context: ExecContext, entrypoint: string | undefined, command: string[]): string[] {
  if (entrypoint !== undefined) return [...(splitWords(entrypoint) ?? []), ...command];
  return [...context.entrypoint, ...(command.length > 0 ? command : context.command)];
}
