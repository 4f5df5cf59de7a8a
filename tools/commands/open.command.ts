import { Argument, Option } from 'commander';
import { type CommandDefinition, dataOption, replicaOption } from './command.ts';
import type { OpenOptions } from './open.ts';
import { person } from './signals.ts';

export const openCommand: CommandDefinition<[file?: string], OpenOptions> = {
  name: 'open',
  description: 'This command shows the page in a browser, where its blocks run.',
  arguments: [new Argument('[file]', 'This is the document to show, in the place of --runbook.')],
  options: [
    new Option(
      '--host <host>',
      'This is the host of the front matter that blocks run on, by all rules of a run there.',
    ),
    replicaOption('This says which replica blocks run on.'),
    dataOption(),
    new Option(
      '--unrehearsed <reason>',
      'The run on the host goes without a rehearsal of these bytes, and every report shows why.',
    ),
  ],
  async action({ runbook, screen }, [file = runbook], options) {
    const { open } = await import('./open.ts');
    return open(file, options, screen, person());
  },
};
