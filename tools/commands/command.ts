import { Argument, InvalidArgumentError, Option } from 'commander';
import type { Screen } from '../report/screen.ts';
import type { ExitStatus } from './exit.ts';

/** What every command is given besides its own words. */
export interface Caller {
  /** The path of the document that `--runbook` names. */
  runbook: string;
  /** Prints a line on the standard output. */
  print(line: string): void;
  /** As `print`, but only where a person reads it at a terminal: a program has no use for it. */
  tell(line: string): void;
  screen: Screen;
}

/**
 * A command of the tool: its words on the command line, and what it does. Help is made of these alone, so they import no
 * more than that takes; `action` imports the rest when it is called. What `action` throws is printed as its message.
 */
export interface CommandDefinition<
  Words extends (string | undefined)[] = (string | undefined)[],
  Options extends object = object,
> {
  name: string;
  description: string;
  arguments: Argument[];
  options: Option[];
  action(caller: Caller, words: Words, options: Options): Promise<ExitStatus>;
}

/** The argument of every command that can do without it. */
export const procedureArgument = () =>
  new Argument(
    '[procedure]',
    'This is the path of a section or the name of a block; without it, the main procedure is taken.',
  );

/** Which kind of replica a command takes; `description` says for what. */
export const replicaOption = (description: string) =>
  new Option('--replica <kind>', description).choices(['auto', 'embedded', 'docker']).default('auto');

/** What the database of a replica is filled with. */
export const dataOption = () =>
  new Option(
    '--data <what>',
    'This is what its database holds: small, medium or large seeded data, or a dump, by its path.',
  ).default('small');

/** `16`, and nothing that a file's or an image's name could be. */
export function majorVersion(text: string): string {
  if (/^\d{1,2}$/.test(text)) return text;
  throw new InvalidArgumentError('It is no major version: write 16.');
}
