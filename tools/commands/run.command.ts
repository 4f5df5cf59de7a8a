import { Argument, Option } from 'commander';
import type { CommandDefinition } from './command.ts';
import type { RunCommandOptions } from './run.ts';
import { person } from './signals.ts';

/** Of an option that may be given again and again. */
const oneMore = (name: string, others: string[]): string[] => [...others, name];

export const runCommand: CommandDefinition<[procedure: string], Omit<RunCommandOptions, 'procedure'>> = {
  name: 'run',
  description: 'This command runs a procedure for real.',
  arguments: [new Argument('<procedure>', 'This is main, the path of a section, or the name of a block.')],
  options: [
    new Option('--on <host>', 'This is the host of the front matter to run it on.').makeOptionMandatory(),
    new Option(
      '--resume [run]',
      'The run goes on from an earlier one that did not pass: the newest, or the one of this id.',
    ).default(false),
    new Option('--again <block>', 'This block failed or is unknown, and is run again.')
      .argParser(oneMore)
      .default([], 'none'),
    new Option('--done <block>', 'This block failed or is unknown, and is taken as done.')
      .argParser(oneMore)
      .default([], 'none'),
    new Option('--accept-changes', 'The run goes on although the runbook or the host changed.').default(
      false,
    ),
    new Option('--allow <block>', 'This block destroys, and is allowed to.')
      .argParser(oneMore)
      .default([], 'none'),
    new Option(
      '--unrehearsed <reason>',
      'The run goes without a rehearsal of these bytes, and every report shows why.',
    ),
    new Option('--verbose', 'The output of blocks that passed is printed, too.').default(false),
    new Option('--yes', 'The answer to every other question is yes.').default(false),
  ],
  async action({ runbook, screen }, [procedure], options) {
    const { runOnHost } = await import('./run.ts');
    return runOnHost(runbook, { ...options, procedure }, screen, person());
  },
};
