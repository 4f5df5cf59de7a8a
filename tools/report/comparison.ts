import type { ExpectationOutcome } from '../outcome/outcome.ts';

/** Lines of context around what differs. */
const CONTEXT = 2;

export type ComparedLine = NonNullable<ExpectationOutcome['lines']>[number];

/**
 * Both sides of an expectation, line beside line: those that differ, at most `most` of them, and a little
 * around them. A number stands for so many lines that are left out.
 */
export const comparedLines = (outcome: ExpectationOutcome, most: number): (ComparedLine | number)[] =>
  shortened(outcome.lines ?? bothTexts(outcome), most);

/** Lines that differ, at most `most` of them, and a little around them; numbers as in comparedLines. */
export function shortened(lines: ComparedLine[], most: number): (ComparedLine | number)[] {
  const shown = nearDifferences(lines);
  const rows: (ComparedLine | number)[] = [];
  for (const [i, line] of lines.entries()) {
    const last = rows.at(-1);
    if (shown[i] && rows.length < most) rows.push(line);
    else if (typeof last === 'number') rows[rows.length - 1] = last + 1;
    else rows.push(1);
  }
  return rows;
}

/** Two texts that were not compared line by line: nothing of the one is the same as in the other. */
function bothTexts({ expected, actual }: ExpectationOutcome): ComparedLine[] {
  const [left, right] = [expected.split('\n'), actual.split('\n')];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => ({
    expected: left[i] ?? null,
    actual: right[i] ?? null,
    same: false,
  }));
}

function nearDifferences(lines: ComparedLine[]): boolean[] {
  const near = new Array<boolean>(lines.length).fill(false);
  for (const [i, { same }] of lines.entries()) {
    if (!same) near.fill(true, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
  }
  return near;
}
