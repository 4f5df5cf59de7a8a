import { dirname } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../text/duration.ts';
import { homeIn } from '../text/home.ts';
import type { CommandDefinition } from './command.ts';
import { CommandError, EXIT } from './exit.ts';
import { RUNS_FORMATS, type RunsFormat } from './formats.ts';

interface Options {
  format: RunsFormat;
  prune: boolean;
  keep?: number;
  olderThan?: number;
  dryRun: boolean;
}

export const runsCommand: CommandDefinition<[], Options> = {
  name: 'runs',
  description: 'This command lists the runs that are recorded, or removes those that nobody needs.',
  arguments: [],
  options: [
    new Option('--format <format>', 'This says how to write the list.').choices(RUNS_FORMATS).default('text'),
    new Option('--prune', 'The runs that nobody needs are removed.').default(false),
    new Option(
      '--keep <count>',
      'The newest runs stay, so many of them: without this and --older-than, ten.',
    ).argParser(wholeNumber),
    new Option(
      '--older-than <age>',
      'The runs that are not older than this stay, such as 7d or 12h.',
    ).argParser(age),
    new Option('--dry-run', 'The command only says what it would remove.').default(false),
  ],
  async action({ runbook, print, tell }, _, { format, prune, keep, olderThan, dryRun }) {
    if (prune) {
      const { pruneRuns } = await import('./prune.ts');
      const asked = {
        ...(keep === undefined ? {} : { keep }),
        ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
      };
      return pruneRuns(runbook, { ...asked, dryRun }, print);
    }
    const said = [
      ...(keep === undefined ? [] : ['--keep']),
      ...(olderThan === undefined ? [] : ['--older-than']),
      ...(dryRun ? ['--dry-run'] : []),
    ];
    if (said.length > 0)
      throw new CommandError(EXIT.refused, `${said.join(', ')} is for --prune: say that, too`);
    const { listRuns } = await import('./runs.ts');
    return listRuns(homeIn(dirname(runbook)), format, print, tell);
  },
};

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no number of runs: write 10.');
}

/** Milliseconds of `7d`, or of a duration as blocks have them. */
function age(text: string): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  const ms = days === undefined ? parseDuration(text) : Number(days) * 24 * 3_600_000;
  if (ms !== null) return ms;
  throw new InvalidArgumentError('It is no age: write 7d or 12h.');
}
