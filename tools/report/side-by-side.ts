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

/** Nothing of a line that differs is cut off: the difference may be at its end. */
function differingRows(expected: Side, actual: Side, half: number, style: Style): string[] {
  const [left, right] = [expected, actual].map((side) =>
    side.flatMap((line) => folded(differing(line), half)),
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
