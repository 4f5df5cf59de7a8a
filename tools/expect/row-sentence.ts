import { countOf, verdict } from './rows.ts';
import type { Columns, RowWatch, Sentence, Verdict } from './sentence.ts';

type Words = Pick<Sentence, 'expression' | 'means' | 'example' | 'objection'>;

/**
 * A sentence that is judged row by row. Of a result set that was not kept whole it is false unless it was watched
 * as the rows came: nobody can say what stands in the others.
 */
export function rowSentence<A extends unknown[]>(
  definition: Words & { watch(columns: Columns, ...args: A): RowWatch },
): Sentence<'rows'> {
  const watch = (columns: Columns, ...args: never[]) =>
    definition.watch(columns, ...(args as unknown[] as A));
  return {
    ...definition,
    of: 'rows',
    watch,
    judge({ columns, rows, rowCount, truncated }, ...args) {
      const watched = watch(columns, ...args);
      for (const row of rows) watched.see(row);
      const found = watched.verdict(rowCount);
      return truncated ? verdict(false, found.expected, notCompared(rows.length, rowCount)) : found;
    },
  };
}

/** A sentence that is judged by the number of rows alone, which is known whatever was kept of them. */
export function countSentence<A extends unknown[]>(
  definition: Words & { count(rowCount: number, ...args: A): Verdict },
): Sentence<'rows'> {
  const count = (rowCount: number, args: never[]) => definition.count(rowCount, ...(args as unknown[] as A));
  return {
    ...definition,
    of: 'rows',
    watch: (_, ...args) => ({ see: () => undefined, verdict: (rowCount) => count(rowCount, args) }),
    judge: ({ rowCount }, ...args) => count(rowCount, args),
  };
}

/** For what needs every row of a result set that was not kept whole. */
export const notCompared = (kept: number, rowCount: number): string =>
  `more rows than can be compared (${countOf(rowCount)}; the first ${kept} were kept): narrow the query`;
