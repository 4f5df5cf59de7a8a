import { Argument, Option } from 'commander';
import type { CommandDefinition } from './command.ts';
import type { RunCommandOptions } from './run.ts';
import { person } from './signals.ts';

export const runCommand: CommandDefinition<[procedure: string], Omit<RunCommandOptions, 'procedure'>> = {
  name: 'run',
  description: 'This command runs a procedure for real.',
  arguments: [new Argument('<procedure>', 'This is main, the path of a section, or the name of a block.')],
  options: [
    new Option('--on <host>', 'This is the host of the front matter to run it on.').makeOptionMandatory(),
    new Option('--resume', 'The run goes on behind the last block that passed.').default(false),
    new Option(
      '--unrehearsed <reason>',
      'The run goes without a rehearsal of these bytes, and every report shows why.',
    ),
    new Option('--yes', 'The answer to every question is yes.').default(false),
  ],
  async action({ runbook, screen }, [procedure], options) {
    const { runOnHost } = await import('./run.ts');
    return runOnHost(runbook, { ...options, procedure }, screen, person());
  },
};
