import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { journalIn, pageIn, reportIn, runDirectory } from '../text/home.ts';
import type { BlockCarried, BlockFinished, Event } from './event.ts';

/** Of more files that blocks leave beside a journal nobody reads the names. */
const MOST_FILES = 200;

/** Tells what blocks leave in a run's directory, `$RUNBOOK_RUN`. */
export interface LeftFiles {
  /** The files that are new there, or others than before, since it was asked last: names below the directory, sorted. */
  since(): Promise<string[]>;
}

/** The tool's own files there are nobody's; links are not followed. A directory that cannot be read holds nothing. */
export function watchFiles(directory: string): LeftFiles {
  const own = [
    journalIn,
    pageIn,
    (run: string) => reportIn(run, 'json'),
    (run: string) => reportIn(run, 'html'),
  ];
  const ours = new Set(own.map((path) => path(directory)));
  const seen = new Map<string, string>();
  return {
    async since() {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
      const paths = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !ours.has(path));
      const changed: string[] = [];
      for (const path of paths.sort().slice(0, MOST_FILES)) {
        const found = await stat(path).catch(() => null);
        const stamp = found && `${found.size} ${found.mtimeMs}`;
        if (stamp === null || seen.get(path) === stamp) continue;
        seen.set(path, stamp);
        changed.push(relative(directory, path));
      }
      return changed;
    },
  };
}

/** A picture that a block left in its run's directory. */
export interface Picture {
  /** Its name below the run's directory. */
  name: string;
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  bytes: Buffer;
}

/** A report stays one that a browser opens at once, and a mail carries. */
const MOST_BYTES = 8 * 1024 * 1024;

/** What is none by its name is not read. */
export const isPictureName = (name: string): boolean => /\.(?:png|jpe?g|gif|webp)$/i.test(name);

/** A picture that was left in a run's directory; null where there is none of that name, or it is none, or too large. */
export async function pictureIn(directory: string, name: string): Promise<Picture | null> {
  // A journal may have been edited, and a name may lead elsewhere.
  if (!isPictureName(name) || isAbsolute(name) || name.split(/[/\\]/).includes('..')) return null;
  // A fifo would be waited for, and a link may lead anywhere.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(join(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (!file) return null;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST_BYTES) return null;
    const bytes = await file.readFile();
    const type = typeOf(bytes);
    return type && { name, type, bytes };
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

/** By what the file begins with, whatever it is called. */
function typeOf(bytes: Buffer): Picture['type'] | null {
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : null;
}

/** The run in whose directory the files of a block are. */
export const runOfFiles = (event: BlockFinished | BlockCarried, run: string): string =>
  event.type === 'block-carried' ? event.from.run : run;

/** The pictures that the blocks of a run left, by the blocks' names, as far as they are there. */
export async function picturesOf(home: string, events: readonly Event[]): Promise<Map<string, Picture[]>> {
  const pictures = new Map<string, Picture[]>();
  const [started] = events;
  if (started?.type !== 'run-started') return pictures;
  for (const event of events) {
    if (event.type !== 'block-finished' && event.type !== 'block-carried') continue;
    const directory = runDirectory(home, runOfFiles(event, started.id));
    for (const name of event.files ?? []) {
      const picture = await pictureIn(directory, name);
      if (picture) pictures.set(event.name, [...(pictures.get(event.name) ?? []), picture]);
    }
  }
  return pictures;
}
