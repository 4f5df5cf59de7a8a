import type { ExpectationOutcome } from '../outcome/outcome.ts';
import { clip, pad, printable, type Style } from './style.ts';

/** Lines of context around what differs. */
const CONTEXT = 2;

/** A failed expectation, expected on the left and actual on the right, in lines of at most `columns`. */
export function sideBySide(outcome: ExpectationOutcome, columns: number, style: Style): string[] {
  const half = Math.max(20, Math.floor((columns - 5) / 2));
  const row = (left: string, right: string, same: boolean) => {
    const [a, b] = [pad(clip(printable(left), half), half), clip(printable(right), half)];
    return same ? style.quiet(`  ${a} │ ${b}`) : `${style.bad('✗')} ${style.good(a)} │ ${style.bad(b)}`;
  };
  const head = style.strong(`  ${pad('expected', half)} │ actual`);
  if (outcome.lines) return [head, ...nearDifferences(outcome.lines).map((line) => comparedRow(line, row))];
  const [left, right] = [wrap(outcome.expected, half), wrap(outcome.actual, half)];
  const height = Math.max(left.length, right.length);
  return [head, ...Array.from({ length: height }, (_, i) => row(left[i] ?? '', right[i] ?? '', false))];
}

type Line = NonNullable<ExpectationOutcome['lines']>[number];

const comparedRow = (line: Line | null, row: (left: string, right: string, same: boolean) => string) =>
  line === null ? row('…', '…', true) : row(line.expected ?? '', line.actual ?? '', line.same);

/** The lines that differ and a little around them; null stands for what is left out. */
function nearDifferences(lines: Line[]): (Line | null)[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(({ same }) => !same),
  );
  return lines.flatMap((line, i) => (near[i] ? [line] : near[i - 1] ? [null] : []));
}

function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    const words = line.split(/(?<= )/);
    const lines = [''];
    for (const word of words) {
      const last = lines.at(-1) ?? '';
      if (last !== '' && last.length + word.trimEnd().length > columns) lines.push(word);
      else lines[lines.length - 1] = last + word;
    }
    return lines.map((one) => one.trimEnd());
  });
}
