import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkDocument } from '../check/check.ts';
import type { Document } from '../document/document.ts';
import { parseDocument } from '../document/parse.ts';
import { inTextOrder, type Problem } from '../document/problem.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import { printable } from '../report/style.ts';
import { besidePage } from './beside.ts';
import { CommandError, EXIT } from './exit.ts';

/** Reads a runbook. Throws CommandError where there is no such file. */
export const readDocument = async (path: string): Promise<Document> => (await readWithBytes(path)).document;

/** As readDocument, with the bytes that were read. */
export async function readWithBytes(path: string): Promise<{ document: Document; bytes: Uint8Array }> {
  const bytes = await readFile(resolve(path)).catch(refuseUnread(path));
  return { document: parseDocument(path, bytes, HOST_KINDS), bytes };
}

/** Says, as a CommandError, why a page that was asked for by this path cannot be read. */
export const refuseUnread =
  (path: string) =>
  ({ code, message }: NodeJS.ErrnoException): never => {
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    const words = code === 'EISDIR' ? 'this is a directory: name the page in it' : why;
    throw new CommandError(EXIT.refused, `${path}: ${words}`);
  };

/** Reads a runbook that is to be run. Throws CommandError with all its problems where it has any. */
export async function readSoundDocument(path: string): Promise<Document> {
  const document = await readDocument(path);
  requireNoProblems(document);
  return document;
}

/** Throws CommandError with all problems of a document where it has any. */
export function requireNoProblems(document: Document): void {
  const { path } = document;
  const problems = checkDocument(document, besidePage(path));
  if (problems.length > 0) throw new CommandError(EXIT.refused, problemLines(path, problems).join('\n'));
}

/** `runbook.md:12:3: what is wrong: what to do`, a line each. */
export const problemLines = (path: string, problems: Problem[]): string[] =>
  inTextOrder(problems).map(({ line, column, message, remedy, rule }) =>
    printable(`${path}:${line}:${column}: ${message}; ${remedy} [${rule}]`),
  );
