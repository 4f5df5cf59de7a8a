import { Command } from 'commander';
import { runCommandLine } from './command-line.ts';
import { addressOf, connect } from './database/connection.ts';
import { idAt } from './migrate/destination.ts';
import { move } from './migrate/move.ts';
import { loadRevisions } from './migrate/revisions.ts';
import { planOffline, scriptOf } from './migrate/script.ts';
import { announce, type Direction } from './migrate/steps.ts';
import { readVersion } from './migrate/version.ts';
import { lockTimeoutOption, urlOption } from './options.ts';

interface Options {
  url?: string;
  sql?: boolean;
  lockTimeout: number;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const warn = (line: string) => void process.stderr.write(`${line}\n`);

async function showCurrent({ url }: Pick<Options, 'url'>): Promise<void> {
  const revisions = await loadRevisions();
  const client = await connect(addressOf(url, process.env, 'migrate'));
  try {
    const version = await readVersion(client, revisions);
    const id = idAt(version, revisions);
    if (id !== null) say(version === revisions.length ? `${id} (head)` : id);
  } finally {
    await client.end();
  }
}

async function showHistory(): Promise<void> {
  const revisions = await loadRevisions();
  const lines = revisions.map(({ id, previous, title }, index) => {
    const mark = index === revisions.length - 1 ? ' (head)' : '';
    return `${previous ?? '<base>'} -> ${id}${mark}, ${title}`;
  });
  for (const line of lines.reverse()) say(line);
}

const mover = (direction: Direction) => async (destination: string, options: Options) => {
  const revisions = await loadRevisions();
  if (options.sql) {
    process.stdout.write(await scriptOf(planOffline({ direction, destination, revisions })));
    return;
  }
  const address = addressOf(options.url, process.env, 'migrate');
  const client = await connect(address);
  try {
    const connection = { client, address, lockTimeoutMs: options.lockTimeout * 1000 };
    await move(
      connection,
      { direction, destination, revisions },
      { onStep: (step) => say(announce(step)), warn },
    );
  } finally {
    await client.end();
  }
};

const program = new Command('migrate')
  .description('Moves a database between the revisions in sql/migrations, as Alembic would.')
  .exitOverride();

program
  .command('current')
  .description('print the revision that the database is at; nothing at base')
  .addOption(urlOption())
  .action(showCurrent);

program.command('history').description('list the revisions, newest first').action(showHistory);

for (const direction of ['upgrade', 'downgrade'] as const) {
  program
    .command(direction)
    .description(`run ${direction === 'upgrade' ? 'up to a later' : 'down to an earlier'} revision`)
    .argument('<revision>', 'head, base, a revision or the beginning of one, +n, -n; with --sql also from:to')
    .addOption(urlOption())
    .addOption(lockTimeoutOption())
    .option('--sql', 'print the SQL instead of running it; connects to nothing')
    .action(mover(direction));
}

await runCommandLine(program);
