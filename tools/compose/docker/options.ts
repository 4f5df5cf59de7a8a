import { DockerCommandError } from '../errors.ts';

/**
 * The options of a command: each spelling, and whether it takes a value. `exec` and `run` stop at the first
 * argument, because what follows is another command's.
 */
export interface OptionTable {
  flags: Record<string, string>;
  values: Record<string, string>;
  stopsAtArgument?: boolean;
}

/** What was given: flags and values by name, and the arguments in their order. */
export interface Given {
  flags: Set<string>;
  values: Map<string, string[]>;
  arguments: string[];
}

/** Reads a command line as Docker does. Throws DockerCommandError (16) for an option that is not in the table. */
export function readOptions(words: string[], table: OptionTable): Given {
  const given: Given = { flags: new Set(), values: new Map(), arguments: [] };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift() as string;
    if (word === '--') given.arguments.push(...rest.splice(0));
    else if (word.startsWith('--')) readLong(word, rest, table, given);
    else if (word.startsWith('-') && word.length > 1) readShort(word, rest, table, given);
    else given.arguments.push(word, ...(table.stopsAtArgument ? rest.splice(0) : []));
  }
  return given;
}

/** The last value given for an option. */
export const lastValue = (given: Given, name: string): string | undefined => given.values.get(name)?.at(-1);

function readLong(word: string, rest: string[], table: OptionTable, given: Given): void {
  const [name = '', ...value] = word.split('=');
  const [flag, option] = [table.flags[name], table.values[name]];
  if (flag !== undefined) setFlag(word, flag, value.length > 0 ? value.join('=') : 'true', given);
  else if (option !== undefined)
    addValue(given, option, value.length > 0 ? value.join('=') : next(name, rest));
  else throw new DockerCommandError(`unknown flag: ${name}`, 16);
}

function setFlag(word: string, name: string, value: string, given: Given): void {
  if (value === 'true') given.flags.add(name);
  else if (value === 'false') given.flags.delete(name);
  else throw new DockerCommandError(`invalid argument "${value}" for "${word}": true or false`, 16);
}

/** Several letters may stand together, and a value may follow its letter at once: `-it`, `-n5`. */
function readShort(word: string, rest: string[], table: OptionTable, given: Given): void {
  for (let at = 1; at < word.length; at++) {
    const letter = `-${word[at]}`;
    const [flag, option] = [table.flags[letter], table.values[letter]];
    if (flag !== undefined) given.flags.add(flag);
    else if (option === undefined)
      throw new DockerCommandError(`unknown shorthand flag: '${word[at]}' in ${word}`, 16);
    else {
      addValue(given, option, word.slice(at + 1).replace(/^=/, '') || next(letter, rest));
      return;
    }
  }
}

function next(name: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw new DockerCommandError(`flag needs an argument: ${name}`, 16);
  return value;
}

const addValue = (given: Given, name: string, value: string) =>
  given.values.set(name, [...(given.values.get(name) ?? []), value]);
