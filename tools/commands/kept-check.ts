import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keep, userCache } from '../cache.ts';
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
  if (TOOL !== null) {
    const found: Kept = { tool: TOOL, page, beside, checked };
    // It has words of the page.
    keep(file, JSON.stringify(found), { hidden: true });
    removeOldest(directory);
  }
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

function removeOldest(directory: string): void {
  try {
    const names = readdirSync(directory);
    if (names.length <= MOST_KEPT) return;
    const paths = names.map((name) => join(directory, name));
    const aged = paths.map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
    // More than is too much, so that not every check looks at all of them.
    for (const { path } of aged.sort((a, b) => a.at - b.at).slice(0, names.length - MOST_KEPT / 2))
      rmSync(path, { force: true });
  } catch {
    // What cannot be removed stays.
  }
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const textHash = (text: string | null): string | null => (text === null ? null : hashOf(text));
