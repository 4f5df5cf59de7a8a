import type { ExpectationOutcome } from '../outcome/outcome.ts';
import { type ComparedLine, comparedLines } from './comparison.ts';
import { clip, fitting, pad, printable, type Style, visible } from './style.ts';

/** More is in the report. */
const MOST_LINES = 60;

/** A failed expectation, expected on the left and actual on the right, in lines of at most `columns`. */
export function sideBySide(outcome: ExpectationOutcome, columns: number, style: Style): string[] {
  const half = Math.max(20, Math.floor((columns - 5) / 2));
  const head = style.strong(`  ${pad('expected', half)} │ actual`);
  if (!outcome.lines)
    return [head, ...differingRows([outcome.expected], outcome.actual.split('\n'), half, style)];
  const rows = comparedLines(outcome, MOST_LINES).flatMap((line) => {
    if (typeof line === 'number') return [style.quiet(`  … ${line} more line${line > 1 ? 's' : ''}`)];
    if (line.same) return [sameRow(line, half, style)];
    return differingRows([line.expected], [line.actual], half, style);
  });
  return [head, ...rows];
}

function sameRow({ expected, actual }: ComparedLine, half: number, style: Style): string {
  const [left, right] = [expected, actual].map((text) => clip(printable(text ?? ''), half));
  return style.quiet(`  ${pad(left ?? '', half)} │ ${right}`);
}

/** Nothing is cut off at the end of a line that differs: the difference may be there. */
function differingRows(expected: Side, actual: Side, half: number, style: Style): string[] {
  const [left, right] = aroundDifference(expected.map(differing), actual.map(differing), half).map((side) =>
    side.flatMap((line) => rowsOf(line, half)),
  ) as [string[], string[]];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const mark = i === 0 ? style.bad('✗') : ' ';
    return `${mark} ${style.good(pad(left[i] ?? '', half))} │ ${style.bad(right[i] ?? '')}`;
  });
}

type Side = (string | null)[];

/** A line that is there and empty is not the same as none. */
export const differing = (line: string | null): string =>
  line === '' ? '(an empty line)' : visible(line ?? '');

/** So many rows of a line are looked through at a terminal. */
const MOST_ROWS = 40;

/** Two lines of which one is too long to be looked through, from a little before to a little behind where they differ. */
function aroundDifference(expected: string[], actual: string[], columns: number): [string[], string[]] {
  const [one = '', other = ''] = [expected[0], actual[0]];
  const isLong = Math.max(one.length, other.length) > MOST_ROWS * columns;
  if (expected.length !== 1 || actual.length !== 1 || !isLong) return [expected, actual];
  const shorter = Math.min(one.length, other.length);
  let [before, behind] = [0, 0];
  while (before < shorter && one[before] === other[before]) before++;
  while (behind < shorter - before && one.at(-1 - behind) === other.at(-1 - behind)) behind++;
  const [from, kept] = [Math.max(0, before - columns), Math.max(0, behind - columns)];
  const near = (text: string) => {
    const middle = text.slice(from, text.length - kept);
    return `${from > 0 ? '…' : ''}${wholeCharacters(middle)}${kept > 0 ? '…' : ''}`;
  };
  return [[near(one)], [near(other)]];
}

/** Without the half of a character that a cut has left at an end. */
const wholeCharacters = (text: string) => text.replaceAll(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');

/** A text in rows; of one that takes more than can be looked through, its beginning and its end. */
function rowsOf(text: string, columns: number): string[] {
  const most = (MOST_ROWS / 2) * columns;
  if (text.length <= 2 * most) return folded(text, columns);
  const head = fitting(text, most);
  const tail = wholeCharacters(text.slice(-most));
  const left = text.length - head.length - tail.length;
  return [...folded(head, columns), clip(`… ${left} more …`, columns), ...folded(tail, columns)];
}

/** Broken at blanks, and within a word only where it is too long for a line. */
function folded(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (let start = 0; ; ) {
    const most = fitting(text, columns, start);
    const end = start + most.length;
    if (end === text.length) return [...lines, most];
    const blank = text[end] === ' ' ? most.length : most.lastIndexOf(' ');
    const line = blank > 0 ? most.slice(0, blank) : most;
    lines.push(line);
    start += line.length + (text[start + line.length] === ' ' ? 1 : 0);
  }
}
