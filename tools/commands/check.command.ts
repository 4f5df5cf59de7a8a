import { Argument, Option } from 'commander';
import type { CommandDefinition } from './command.ts';
import { CHECK_FORMATS, type CheckFormat } from './formats.ts';

export const checkCommand: CommandDefinition<[file?: string], { format: CheckFormat; strict?: boolean }> = {
  name: 'check',
  description: 'This command reports every problem of the document and runs nothing.',
  arguments: [new Argument('[file]', 'This is the document, instead of the one that --runbook names.')],
  options: [
    new Option('--format <format>', 'This says how to write the problems.')
      .choices(CHECK_FORMATS)
      .default('text'),
    new Option('--strict', 'This reports also what no run would judge; alone, it is status 1.'),
  ],
  async action({ runbook, print, tell }, [file], options) {
    const { check } = await import('./check.ts');
    return check(file ?? runbook, options, print, tell);
  },
};
