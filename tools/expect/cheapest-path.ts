import type { Move } from './move.ts';
import type { PatternLine } from './pattern-line.ts';

/** States that are worth a table: 8 million take 32 MB and about a second. */
const MOST_STATES = 8e6;

const PAIR = 0;
const LEAVE = 1;
const MISSING = 2;
const EXTRA = 3;

/**
 * The way through patterns and lines with the fewest differences (a line or a pattern without a partner is
 * one), as diff finds it; null where there are too many of both to try.
 */
export function cheapestPath(patterns: readonly PatternLine[], lines: readonly string[]): Move[] | null {
  const width = lines.length + 1;
  if (2 * (patterns.length + 1) * width > MOST_STATES) return null;
  const costs = new Uint32Array(2 * (patterns.length + 1) * width);
  const cost = (i: number, j: number, used: number) => costs[(2 * i + used) * width + j] as number;

  const best = (i: number, j: number, used: number): [edit: number, cost: number] => {
    const pattern = patterns[i];
    let [edit, least] = [EXTRA, j < lines.length ? 1 + cost(i, j + 1, used) : Number.POSITIVE_INFINITY];
    if (!pattern) return [edit, least];
    const free = used === 1 || pattern.least === 0;
    const without = (free ? 0 : 1) + cost(i + 1, j, 0);
    if (without <= least) [edit, least] = [free ? LEAVE : MISSING, without];
    if (j < lines.length && pattern.test(lines[j] as string)) {
      const paired = pattern.most > 1 ? cost(i, j + 1, 1) : cost(i + 1, j + 1, 0);
      // Where it makes no difference, `...` leaves a line to a pattern that says more of it.
      if (paired < least || (paired === least && pattern.kind === 'line')) [edit, least] = [PAIR, paired];
    }
    return [edit, least];
  };

  for (let i = patterns.length; i >= 0; i--) {
    for (let j = lines.length; j >= 0; j--) {
      if (i === patterns.length && j === lines.length) continue;
      for (const used of [0, 1]) costs[(2 * i + used) * width + j] = best(i, j, used)[1];
    }
  }

  const moves: Move[] = [];
  for (let [i, j, used] = [0, 0, 0]; i < patterns.length || j < lines.length; ) {
    const [edit] = best(i, j, used);
    if (edit !== LEAVE) moves.push([edit === EXTRA ? null : i, edit === MISSING ? null : j]);
    const stays = edit === EXTRA || (edit === PAIR && (patterns[i] as PatternLine).most > 1);
    used = edit === PAIR && stays ? 1 : edit === EXTRA ? used : 0;
    if (!stays) i++;
    if (edit === PAIR || edit === EXTRA) j++;
  }
  return moves;
}
