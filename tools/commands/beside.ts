import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Beside } from '../check/rule.ts';

/** No script that a person writes is longer. */
const MOST_BYTES = 1024 * 1024;

/** Reads the scripts beside a page. What is no file of text, is too long, or is named from the root, counts as not there. */
export const besidePage =
  (page: string): Beside =>
  (path) => {
    if (isAbsolute(path)) return null;
    const file = resolve(dirname(page), path);
    try {
      const stats = statSync(file);
      if (!stats.isFile() || stats.size > MOST_BYTES) return null;
      return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).replaceAll('\r\n', '\n');
    } catch {
      return null;
    }
  };
