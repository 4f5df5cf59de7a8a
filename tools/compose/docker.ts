/**
 * The `docker` command of an embedded replica: the part of `docker compose` that runbooks use, with Docker's
 * output and exit statuses. What it does not know it refuses; nothing is ignored in silence.
 */
import { runDockerCommand } from './docker/command.ts';
import { DockerCommandError } from './errors.ts';
import { layoutOf, readReplicaRecord } from './layout.ts';

async function main(words: string[]): Promise<number> {
  const replica = process.env.RUNBOOK_REPLICA as string;
  const record = await readReplicaRecord(replica).catch(() => {
    throw new DockerCommandError(
      'the replica of this docker command is gone: rehearse again for a new one',
      1,
    );
  });
  const host = {
    layout: layoutOf(replica, record),
    directory: process.cwd(),
    project: process.env.COMPOSE_PROJECT_NAME ?? record.id,
    print: (text: string) => void process.stdout.write(text),
    say: (text: string) => void process.stderr.write(`${text}\n`),
  };
  return await runDockerCommand(host, words);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  // At once: what was asked of the engine may still be under way.
  process.exit(error instanceof DockerCommandError ? error.exitCode : 1);
}
