import { Command } from 'commander';
import { runBackfill } from './backfill/run.ts';
import { runCommandLine } from './command-line.ts';
import { addressOf, connect } from './database/connection.ts';
import { Failure } from './failure.ts';
import { lockTimeoutOption, urlOption } from './options.ts';

interface Options {
  url?: string;
  dryRun?: boolean;
  lockTimeout: number;
}

async function backfill({ url, dryRun = false, lockTimeout }: Options): Promise<void> {
  const address = addressOf(url, process.env, 'backfill');
  const client = await connect(address);
  try {
    const { unlinked } = await runBackfill(
      { client, address, lockTimeoutMs: lockTimeout * 1000 },
      {
        dryRun,
        say: (line) => process.stdout.write(`${line}\n`),
        warn: (line) => process.stderr.write(`${line}\n`),
      },
    );
    if (unlinked > 0) throw new Failure(1, `contents without a period: ${unlinked}, named above`);
  } finally {
    await client.end();
  }
}

await runCommandLine(
  new Command('backfill')
    .description('Gives every topic and user that has contents its Period 0, and links the contents to it.')
    .addOption(urlOption())
    .addOption(lockTimeoutOption())
    .option('--dry-run', 'print the same report and change nothing')
    .exitOverride()
    .action(backfill),
);
