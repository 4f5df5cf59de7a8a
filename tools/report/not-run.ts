import { count } from '../text/count.ts';

/** So many blocks in a row are named one by one; of more, the first and the last. */
const MOST_NAMED = 2;

/**
 * The blocks that a run did not get to, a line for each reason: `not run, as an earlier block failed: 18 blocks, current
 * to timeline`. `all` are the names of the plan's blocks, in its order.
 */
export function notRunLines(
  notRun: readonly { name: string; why: string }[],
  all: readonly string[],
): string[] {
  const reasons = [...new Set(notRun.map(({ why }) => why))];
  return reasons.map((reason) => {
    const names = notRun.filter(({ why }) => why === reason).map(({ name }) => name);
    return `not run, as ${reason}: ${count(names.length, 'block')}, ${inRanges(names, all)}`;
  });
}

function inRanges(names: string[], all: readonly string[]): string {
  const ranges: string[][] = [];
  for (const name of names) {
    const range = ranges.at(-1);
    if (range && all.indexOf(name) === all.indexOf(range.at(-1) ?? '') + 1) range.push(name);
    else ranges.push([name]);
  }
  return ranges
    .map((range) => (range.length > MOST_NAMED ? `${range[0]} to ${range.at(-1)}` : range.join(', ')))
    .join(', ');
}
