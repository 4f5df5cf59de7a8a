import type { ComparedLine } from './comparison.ts';

/** More lines than these are compared by their place alone. */
const MOST_LINES = 500;

/** Two texts line beside line, as diff does it: as many lines as possible are the same. */
export function lineDiff(before: string, after: string): ComparedLine[] {
  const [left, right] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  if (Math.max(left.length, right.length) > MOST_LINES) return byPlace(left, right);
  const common = commonLengths(left, right);
  const rows: ComparedLine[] = [];
  for (let i = 0, k = 0; i < left.length || k < right.length; ) {
    const [expected = null, actual = null] = [left[i], right[k]];
    if (expected !== null && expected === actual) {
      rows.push({ expected, actual, same: true });
      i++;
      k++;
    } else if (actual === null || (expected !== null && at(common, i + 1, k) >= at(common, i, k + 1))) {
      rows.push({ expected, actual: null, same: false });
      i++;
    } else {
      rows.push({ expected: null, actual, same: false });
      k++;
    }
  }
  return rows;
}

const byPlace = (left: string[], right: string[]): ComparedLine[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const [expected = null, actual = null] = [left[i], right[i]];
    return { expected, actual, same: expected === actual };
  });

/** How many lines the ends of both texts have in common, from line i of the one and line k of the other. */
function commonLengths(left: string[], right: string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let k = right.length - 1; k >= 0; k--) {
      const row = lengths[i] as number[];
      row[k] =
        left[i] === right[k]
          ? at(lengths, i + 1, k + 1) + 1
          : Math.max(at(lengths, i + 1, k), at(lengths, i, k + 1));
    }
  }
  return lengths;
}

const at = (lengths: number[][], i: number, k: number) => lengths[i]?.[k] ?? 0;
