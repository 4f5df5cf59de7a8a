import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { userCache } from '../user-cache.ts';
import { besidePage } from './beside.ts';
import type { Checked } from './checked.ts';

declare const RUNBOOK_BUILD: string | undefined;

/** Which tool this is: another one may find something else. Null where its sources run as they are. */
const TOOL = typeof RUNBOOK_BUILD === 'undefined' ? null : `${RUNBOOK_BUILD} ${process.version}`;

/** What a check found, and all that it looked at: where all of it is the same, so is what would be found. */
interface Kept {
  tool: string;
  page: string;
  /** Of each file that it looked for beside the page: its path from there, and the hash of its text; null where none was. */
  beside: [path: string, hash: string | null][];
  checked: Checked;
}

/** So many pages' checks are kept, those that were made last. */
const MOST_KEPT = 500;

/**
 * What a check finds in the bytes of a page. It is kept in the user's cache, and made again only where the page, a script
 * beside it that it looked at, or the tool has changed: a second check loads no parser. A cache that cannot be read or
 * written is none.
 */
export async function checkOnce(path: string, bytes: Uint8Array): Promise<Checked> {
  const directory = join(userCache(), 'checks');
  const file = join(directory, `${hashOf(`${resolve(path)}\0${path}`)}.json`);
  const page = hashOf(bytes);
  const kept = read(file);
  if (kept && kept.tool === TOOL && kept.page === page && isBeside(path, kept.beside)) return kept.checked;
  const { checked, beside } = await checkNow(path, bytes);
  if (TOOL !== null) keep(directory, file, { tool: TOOL, page, beside, checked });
  return checked;
}

/** What a check finds in the bytes of a page, made now; and all that it looked for beside it. */
export async function checkNow(
  path: string,
  bytes: Uint8Array,
): Promise<{ checked: Checked; beside: Kept['beside'] }> {
  const { checkPage } = await import('./checked.ts');
  const look = besidePage(path);
  const looked = new Map<string, string | null>();
  const checked = checkPage(path, bytes, (name) => {
    const text = look(name);
    looked.set(name, textHash(text));
    return text;
  });
  return { checked, beside: [...looked] };
}

function isBeside(path: string, beside: Kept['beside']): boolean {
  const look = besidePage(path);
  return beside.every(([name, hash]) => textHash(look(name)) === hash);
}

function read(file: string): Kept | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return null;
  }
}

/** It appears whole or not at all. Only its owner may read it: it has words of the page. */
function keep(directory: string, file: string, kept: Kept): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 });
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    removeOldest(directory);
  } catch {
    // What cannot be kept is found again.
  }
}

function removeOldest(directory: string): void {
  const names = readdirSync(directory);
  if (names.length <= MOST_KEPT) return;
  const paths = names.map((name) => join(directory, name));
  const aged = paths.map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  // More than is too much, so that not every check looks at all of them.
  for (const { path } of aged.sort((a, b) => a.at - b.at).slice(0, names.length - MOST_KEPT / 2))
    rmSync(path, { force: true });
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const textHash = (text: string | null): string | null => (text === null ? null : hashOf(text));
