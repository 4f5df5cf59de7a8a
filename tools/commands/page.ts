import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inTextOrder, type Problem } from '../document/problem.ts';
import { printable } from '../report/style.ts';
import { CommandError, EXIT } from './exit.ts';

/** The bytes of a page. Throws CommandError where it cannot be read, with the reason. */
export async function readPage(path: string): Promise<Uint8Array> {
  if (path === '') throw new CommandError(EXIT.refused, 'the name of the page is empty');
  return readFile(resolve(path)).catch(({ code, message }: NodeJS.ErrnoException) => {
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    const words = code === 'EISDIR' ? 'this is a directory: name the page in it' : why;
    throw new CommandError(EXIT.refused, `${path}: ${words}`);
  });
}

/** `runbook.md:12:3: what is wrong: what to do`, a line each. */
export const problemLines = (path: string, problems: Problem[]): string[] =>
  inTextOrder(problems).map(({ line, column, message, remedy, rule }) =>
    printable(`${path}:${line}:${column}: ${message}; ${remedy} [${rule}]`),
  );
