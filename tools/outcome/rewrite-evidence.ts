import type { BoundSentence } from '../document/document.ts';
import { jsonRows } from '../expect/json-rows.ts';
import type { ResultSet } from '../expect/subject.ts';
import { quoteRegex } from '../text/quote-regex.ts';
import type { Ended } from './ended.ts';

/** What was seen, of what a sentence speaks of: what can take the place of what it says. */
export interface Evidence {
  /** The values in the columns that it names, each once; null where it names none. */
  cells: (string | null)[] | null;
  /** Rows, lines, an exit status. */
  counts: number[];
  /** What was printed, or refused with, that differs from a text in numbers alone. */
  texts: (like: string) => string[];
  /** What the first column holds. */
  names: string[] | null;
}

/** So many values are tried, and so many names are listed. */
const MOST_VALUES = 200;

export function evidenceOf({ text, statement }: BoundSentence, ended: Ended): Evidence {
  if (ended.kind === 'sql') {
    const { results, refusal } = ended.output;
    const result = statement === null ? undefined : results[statement];
    const refused = refusal ? [refusal.sqlstate, refusal.message] : [];
    return {
      ...ofRows(result, text),
      counts: result ? [result.rowCount] : [],
      texts: (like) => (refusal ? (/^[0-9A-Z]{5}$/.test(like) ? refused.slice(0, 1) : refused.slice(1)) : []),
    };
  }
  const { stdout, stderr, exitCode } = ended.output;
  const rows = stdout.truncated ? null : jsonRows(stdout.text);
  const lines = stdout.text === '' ? 0 : stdout.text.replace(/\n$/, '').split('\n').length;
  const streams = [stdout.text, stderr.text];
  return {
    ...ofRows(rows ?? undefined, text),
    counts: /^exits?\b/i.test(text) ? [exitCode] : rows ? [rows.rowCount, lines] : [lines],
    texts: (like) => [...new Set(streams.flatMap((stream) => likeIn(stream, like)))],
  };
}

function ofRows(result: ResultSet | undefined, text: string): Pick<Evidence, 'cells' | 'names'> {
  if (!result || result.truncated) return { cells: null, names: null };
  const words = new Set(text.replaceAll(/"[^"]*"|'[^']*'|\([^()]*\)/g, ' ').match(/[\w$?]+/g) ?? []);
  const named = result.columns.flatMap(({ name }, i) => (words.has(name) ? [i] : []));
  const cells = new Set(result.rows.flatMap((row) => named.map((i) => row[i] ?? null)));
  return {
    cells: named.length > 0 ? [...cells].slice(0, MOST_VALUES) : null,
    names:
      result.rows.length <= MOST_VALUES
        ? result.rows.map((row) => row[0]).filter((name) => name != null)
        : null,
  };
}

/** What stands in a stream as `like` does, but for the numbers. A text without a number is like nothing but itself. */
function likeIn(stream: string, like: string): string[] {
  if (!/\d/.test(like)) return [];
  const quoted = quoteRegex(like).replaceAll(/\d+/g, '\\d+');
  return [...stream.matchAll(new RegExp(quoted, 'g'))].map(([found]) => found).slice(0, MOST_VALUES);
}
