import { Option } from 'commander';
import type { CommandDefinition } from './command.ts';
import { person } from './signals.ts';

interface Options {
  from?: string;
  compose?: string;
  service?: string;
  database?: string;
  host?: string;
}

export const initCommand: CommandDefinition<[], Options> = {
  name: 'init',
  description:
    'This command writes a small runbook that rehearses at once, a vitest spec of it, and a workflow for a forge.',
  arguments: [],
  options: [
    new Option(
      '--from <page>',
      'The runbook is made of this Markdown page, and what is left to be done by hand is listed.',
    ),
    new Option(
      '--compose <file>',
      'This is the compose file of its stack, where it is not the one that stands there.',
    ),
    new Option(
      '--service <name>',
      'This is the service whose PostgreSQL it changes, where there are several.',
    ).conflicts('database'),
    new Option(
      '--database <image>',
      'The runbook needs a PostgreSQL of this image, and no compose file.',
    ).conflicts('compose'),
    new Option('--host <address>', 'This is where it is run for real: user@host:/directory.'),
  ],
  async action({ runbook, print }, _, options) {
    const { init } = await import('./init.ts');
    return init(runbook, options, person(), print);
  },
};
