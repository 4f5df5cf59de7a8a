import { InvalidArgumentError, Option } from 'commander';

/** `--url`: the database, where DATABASE_URL does not say it. */
export const urlOption = () =>
  new Option('--url <url>', 'postgresql://user@host:port/database (default: DATABASE_URL)');

/** `--lock-timeout`: how many seconds to wait for another session's lock. */
export const lockTimeoutOption = () =>
  new Option('--lock-timeout <seconds>', 'give up a lock that another session holds for longer')
    .default(10)
    .argParser(positiveSeconds);

function positiveSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0.001 && seconds <= 86_400)) {
    throw new InvalidArgumentError('Give seconds, from 0.001 to 86400.');
  }
  return seconds;
}
