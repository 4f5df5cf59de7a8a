import type { Move } from './move.ts';
import type { PatternLine } from './pattern-line.ts';

/** So many take some seconds; only a fence of thousands of `...` needs more, and is given up. */
const MOST_TRIED = 1e7;

/**
 * The way through patterns and lines on which each finds its partner, or null where there is none. `...`
 * takes as few lines as it can, everything else as many. Each state is tried once, so that time and memory (a
 * bit a state) grow with patterns × lines at worst, and with their sum where the output is as expected.
 */
export function freePath(patterns: readonly PatternLine[], lines: readonly string[]): Move[] | null {
  const width = lines.length + 1;
  const tried = new Uint8Array(((2 * (patterns.length + 1) * width) >> 3) + 1);
  /**
   * Marks the state (pattern, line, whether the pattern has a line already); false where it was marked
   * before.
   */
  const isNew = (i: number, j: number, used: boolean): boolean => {
    const state = (2 * i + (used ? 1 : 0)) * width + j;
    const bit = 1 << (state & 7);
    if (((tried[state >> 3] as number) & bit) !== 0) return false;
    tried[state >> 3] = (tried[state >> 3] as number) | bit;
    return true;
  };
  let tries = 0;
  const open: Node[] = [{ i: 0, j: 0, used: false, move: null, from: null }];
  for (let node = open.pop(); node; node = open.pop()) {
    const { i, j, used } = node;
    if (i === patterns.length && j === lines.length) return movesTo(node);
    const pattern = patterns[i];
    if (!pattern || !isNew(i, j, used)) continue;
    if (++tries > MOST_TRIED) return null;
    const line = lines[j];
    const next: Node[] = [];
    if (used || pattern.least === 0) next.push({ i: i + 1, j, used: false, move: null, from: node });
    if (line !== undefined && pattern.test(line)) {
      const many = pattern.most > 1;
      next.push({ i: many ? i : i + 1, j: j + 1, used: many, move: [i, j], from: node });
    }
    // The last one pushed is tried first.
    open.push(...(pattern.kind === 'any' ? next.reverse() : next));
  }
  return null;
}

interface Node {
  i: number;
  j: number;
  used: boolean;
  move: Move | null;
  from: Node | null;
}

function movesTo(end: Node): Move[] {
  const moves: Move[] = [];
  for (let node: Node | null = end; node; node = node.from) if (node.move) moves.push(node.move);
  return moves.reverse();
}
