import { Argument, Option } from 'commander';
import type { CommandDefinition } from './command.ts';
import { CHECK_FORMATS, type CheckFormat } from './formats.ts';
import { person } from './signals.ts';

export const checkCommand: CommandDefinition<
  [file?: string],
  { format: CheckFormat; strict: boolean; fix: boolean; yes: boolean; cache: boolean }
> = {
  name: 'check',
  description: 'This command reports every problem of the document and runs nothing.',
  arguments: [new Argument('[file]', 'This is the document, instead of the one that --runbook names.')],
  options: [
    new Option('--format <format>', 'This says how to write the problems.')
      .choices(CHECK_FORMATS)
      .default('text'),
    new Option('--strict', 'This reports also what no run would judge; alone, it is status 1.').default(
      false,
    ),
    new Option(
      '--fix',
      'The document is mended where there is one right remedy, once the person has seen how.',
    ).default(false),
    new Option('--no-cache', 'The page is checked again though neither it nor the tool has changed.'),
    new Option('--yes', 'The answer to the question of --fix is yes.').default(false),
  ],
  async action({ runbook, print, tell }, [file], { format, strict, fix, yes, cache }) {
    if (fix) {
      const { fixDocument } = await import('./fix.ts');
      await fixDocument(file ?? runbook, { yes, person: person() }, print);
    }
    const { check } = await import('./check.ts');
    return check(file ?? runbook, { format, strict, cache }, print, tell);
  },
};
