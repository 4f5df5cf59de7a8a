import type { Argument, Option } from 'commander';
import type { CommandDefinition } from '../commands/command.ts';
import { COMMANDS } from '../commands/table.ts';
import { table } from './table.ts';

/** The README's table of commands: what is typed, what it does, and the options that can be left out. */
export const commandTable = (): string =>
  table(
    ['command', 'does', 'options'],
    COMMANDS.map((command) => [`\`${typed(command)}\``, deed(command), optionsOf(command)]),
  );

/** What must be typed, such as `run PROCEDURE --on HOST`; what may be left out stands in brackets. */
function typed({ name, arguments: words, options }: CommandDefinition): string {
  const mandatory = options.filter((option) => option.mandatory).map(flagOf);
  return [name, ...words.map(wordOf), ...mandatory].join(' ');
}

const wordOf = (word: Argument): string =>
  word.required ? word.name().toUpperCase() : `[${word.name().toUpperCase()}]`;

/** An option with its value, such as `--format text|json|github` or `--on HOST`. */
const flagOf = ({ flags, argChoices }: Option): string =>
  flags
    .replace(/<([^<>]+)>/, (_, value: string) => argChoices?.join('|') ?? value.toUpperCase())
    .replace(/\[([^[\]]+)\]/, (optional) => optional.toUpperCase());

/** A description is one sentence that begins with `This command`, which the table’s head already says. */
const deed = ({ description }: CommandDefinition): string =>
  description
    .replace(/^This command /, '')
    .replace(/\.$/, '')
    .replaceAll(/--[a-z]+/g, '`$&`');

const optionsOf = ({ options }: CommandDefinition): string =>
  options
    .filter((option) => !option.mandatory)
    .map((option) => `\`${flagOf(option)}\``)
    .join(', ');
