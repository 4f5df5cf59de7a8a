import { cheapestPath } from './cheapest-path.ts';
import { freePath } from './free-path.ts';
import type { Move } from './move.ts';
import type { PatternLine } from './pattern-line.ts';

/**
 * A pattern beside the line that it accepts, or beside one that stands in its place, or either of them alone.
 */
export interface Pair {
  expected: string | null;
  actual: string | null;
  same: boolean;
  pattern: PatternLine | null;
  /** Of the pattern, in its fence. */
  index: number | null;
}

/**
 * Puts patterns beside lines: without a difference where that can be done, else with as few as can be, and
 * where there is too much to try every way, line by line.
 */
export function align(patterns: PatternLine[], lines: string[]): Pair[] {
  const head = commonLength(patterns, lines, (i) => i);
  const rest = Math.min(patterns.length, lines.length) - head;
  const tail = Math.min(
    rest,
    commonLength(patterns, lines, (i, length) => length - 1 - i),
  );
  const middle = [
    patterns.slice(head, patterns.length - tail),
    lines.slice(head, lines.length - tail),
  ] as const;
  const moves = freePath(...middle) ?? cheapestPath(...middle) ?? lineByLine(...middle);
  const pair = ([i, j]: Move, from: number, behind: number): Pair => {
    const index = i === null ? null : i + from;
    const pattern = index === null ? null : (patterns[index] ?? null);
    const actual = j === null ? null : (lines[j + behind] ?? null);
    const same = pattern !== null && actual !== null && pattern.test(actual);
    return { expected: pattern?.source ?? null, actual, same, pattern, index };
  };
  const ends = (length: number, from: number, behind: number) =>
    Array.from({ length }, (_, i) => pair([i, i], from, behind));
  return [
    ...ends(head, 0, 0),
    ...sideBySide(moves).map((move) => pair(move, head, head)),
    ...ends(tail, patterns.length - tail, lines.length - tail),
  ];
}

/** How many single lines match one to one from an end: no other way through them is better. */
function commonLength(
  patterns: PatternLine[],
  lines: string[],
  nth: (i: number, length: number) => number,
): number {
  const most = Math.min(patterns.length, lines.length);
  let n = 0;
  for (; n < most; n++) {
    const pattern = patterns[nth(n, patterns.length)] as PatternLine;
    if (pattern.least !== 1 || pattern.most !== 1) return n;
    if (!pattern.test(lines[nth(n, lines.length)] as string)) return n;
  }
  return n;
}

/** Where patterns and lines without a partner follow one another, the n-th of both share a row. */
function sideBySide(moves: Move[]): Move[] {
  const rows: Move[] = [];
  let [missing, extra]: [number[], number[]] = [[], []];
  const flush = () => {
    for (let n = 0; n < Math.max(missing.length, extra.length); n++)
      rows.push([missing[n] ?? null, extra[n] ?? null]);
    [missing, extra] = [[], []];
  };
  for (const [i, j] of moves) {
    if (i !== null && j === null) missing.push(i);
    else if (j !== null && i === null) extra.push(j);
    else {
      flush();
      rows.push([i, j]);
    }
  }
  flush();
  return rows;
}

const lineByLine = (patterns: readonly PatternLine[], lines: readonly string[]): Move[] =>
  Array.from({ length: Math.max(patterns.length, lines.length) }, (_, i) => [
    i < patterns.length ? i : null,
    i < lines.length ? i : null,
  ]);
