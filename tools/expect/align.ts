import type { PatternLine } from './pattern-line.ts';

/** A pattern beside the line that it accepts, or either of them alone. */
export interface Pair {
  expected: string | null;
  actual: string | null;
  same: boolean;
  pattern: PatternLine | null;
}

/** One move through patterns and lines; `used` is whether the pattern at `i` has accepted a line already. */
interface Step {
  kind: 'pair' | 'extra' | 'missing' | 'leave';
  cost: number;
  i: number;
  j: number;
  used: boolean;
}

/** The cheapest way to go through both: a line or a pattern without a partner costs 1, all else is free. */
export function align(patterns: PatternLine[], lines: string[]): Pair[] {
  const search = new Search(patterns, lines);
  const pairs: Pair[] = [];
  let at = { i: 0, j: 0, used: false };
  while (at.i < patterns.length || at.j < lines.length) {
    const step = search.best(at.i, at.j, at.used);
    const pattern = step.kind === 'extra' ? null : (patterns[at.i] ?? null);
    const actual = step.kind === 'missing' ? null : (lines[at.j] ?? null);
    if (step.kind !== 'leave') {
      pairs.push({ expected: pattern?.source ?? null, actual, same: step.kind === 'pair', pattern });
    }
    at = step;
  }
  return pairs;
}

class Search {
  readonly #patterns: PatternLine[];
  readonly #lines: string[];
  /** The cost from each state to the end; a state is (pattern, used or not), a column is a line. */
  readonly #costs: Float64Array[];

  constructor(patterns: PatternLine[], lines: string[]) {
    this.#patterns = patterns;
    this.#lines = lines;
    this.#costs = Array.from({ length: 2 * (patterns.length + 1) }, () => new Float64Array(lines.length + 1));
    for (let j = lines.length; j >= 0; j--) {
      for (let i = patterns.length; i >= 0; i--) {
        if (i === patterns.length && j === lines.length) continue;
        for (const used of [true, false]) this.#row(i, used)[j] = this.best(i, j, used).cost;
      }
    }
  }

  #row = (i: number, used: boolean) => this.#costs[2 * i + (used ? 1 : 0)] as Float64Array;

  best(i: number, j: number, used: boolean): Step {
    return this.#steps(i, j, used).reduce((least, step) => (step.cost < least.cost ? step : least));
  }

  #steps(i: number, j: number, used: boolean): Step[] {
    const pattern = this.#patterns[i];
    const line = this.#lines[j];
    const steps: Step[] = [];
    if (pattern && line !== undefined && pattern.test(line)) {
      steps.push(
        pattern.most > 1 ? this.#step('pair', 0, i, j + 1, true) : this.#step('pair', 0, i + 1, j + 1),
      );
    }
    if (pattern && (used || pattern.least === 0)) steps.push(this.#step('leave', 0, i + 1, j));
    else if (pattern) steps.push(this.#step('missing', 1, i + 1, j));
    if (line !== undefined) steps.push(this.#step('extra', 1, i, j + 1, used));
    return steps;
  }

  #step(kind: Step['kind'], own: number, i: number, j: number, used = false): Step {
    return { kind, cost: own + (this.#row(i, used)[j] as number), i, j, used };
  }
}
