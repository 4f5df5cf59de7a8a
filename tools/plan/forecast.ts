import type { Plan } from './plan.ts';

/** How long the blocks of a plan took in a rehearsal, by their names in the plan, in milliseconds. */
export type Expected = Readonly<Record<string, number>>;

/** Below so many milliseconds of what was expected, a ratio says more of chance than of the machine. */
const TELLING_MS = 1000;

/** Of each block of the plan that was ever timed, how long it took; `timings` are by what a block does, its key. */
export function expectedOf({ steps }: Plan, timings: ReadonlyMap<string, number>): Record<string, number> {
  const known = steps.flatMap((step): [string, number][] => {
    const ms = step.kind === 'block' ? timings.get(step.block.key) : undefined;
    return step.kind === 'block' && ms !== undefined ? [[step.name, ms]] : [];
  });
  return Object.fromEntries(known);
}

/**
 * How long the rest will take, in milliseconds: what was expected of the blocks that have not ended, times the ratio of
 * what the others took to what was expected of them. Of the one that runs, what it has taken so far is behind us.
 * Null where of nothing that is left anything is known.
 */
export function remainingMs(
  expected: Expected,
  took: ReadonlyMap<string, number>,
  running: { name: string; ms: number } | null = null,
): number | null {
  const left = Object.keys(expected).filter((name) => !took.has(name));
  if (left.length === 0) return null;
  const ratio = ratioOf(expected, took);
  const of = (name: string) => (expected[name] ?? 0) * ratio;
  const later = left.filter((name) => name !== running?.name).reduce((sum, name) => sum + of(name), 0);
  return later + (running ? Math.max(0, of(running.name) - running.ms) : 0);
}

function ratioOf(expected: Expected, took: ReadonlyMap<string, number>): number {
  const ended = [...took].filter(([name]) => expected[name] !== undefined);
  const expectedMs = ended.reduce((sum, [name]) => sum + (expected[name] ?? 0), 0);
  const tookMs = ended.reduce((sum, [, ms]) => sum + ms, 0);
  return expectedMs < TELLING_MS ? 1 : tookMs / expectedMs;
}
