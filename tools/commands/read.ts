import { checkDocument } from '../check/check.ts';
import type { Document } from '../document/document.ts';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import { besidePage } from './beside.ts';
import { CommandError, EXIT } from './exit.ts';
import { problemLines, readPage } from './page.ts';

/** Reads a runbook. Throws CommandError where there is no such file. */
export const readDocument = async (path: string): Promise<Document> => (await readWithBytes(path)).document;

/** As readDocument, with the bytes that were read. */
export async function readWithBytes(path: string): Promise<{ document: Document; bytes: Uint8Array }> {
  const bytes = await readPage(path);
  return { document: parseDocument(path, bytes, HOST_KINDS), bytes };
}

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
