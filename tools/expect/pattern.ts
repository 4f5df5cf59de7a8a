import { align, type Pair } from './align.ts';
import type { PatternLine } from './pattern-line.ts';

/** How an output compares with a `text` fence, line beside line. */
export interface Comparison {
  passed: boolean;
  /** One row a line: what the fence says, what was printed; null on the side that has nothing there. */
  rows: { expected: string | null; actual: string | null; same: boolean }[];
  /** The index, in the fence, of the first line that does not fit what was printed; null where all do. */
  wrong: number | null;
  /** What `<name>` stood for. */
  captured: Record<string, string>;
}

/**
 * Compares printed lines with a fence's lines; as many lines as possible are paired, as diff does. Throws OutOfTime
 * where `isOver` says, before that is done, that its time is.
 */
export function compareOutput(
  patterns: PatternLine[],
  output: string,
  isOver: () => boolean = () => false,
): Comparison {
  const lines = output === '' ? [] : output.replace(/\n$/, '').split('\n');
  const rows = align(timed(patterns, isOver), lines);
  const captured: Record<string, string> = {};
  for (const row of rows) if (row.same && row.pattern) row.same = capture(row.pattern, row.actual, captured);
  return {
    passed: rows.every(({ same }) => same),
    rows: rows.map(({ expected, actual, same }) => ({ expected, actual, same })),
    wrong: firstWrong(rows),
    captured,
  };
}

/** The time to compare an output in is over. */
export class OutOfTime extends Error {
  override name = 'OutOfTime';
}

/** After so many lines that were compared it is asked again whether time is over, and after each long one. */
const ASKED_EVERY = 256;
const LONG_LINE = 65_536;

/** The same patterns, which throw OutOfTime once time is over. */
function timed(patterns: PatternLine[], isOver: () => boolean): PatternLine[] {
  let count = 0;
  return patterns.map((pattern) => ({
    ...pattern,
    test(line) {
      if ((++count % ASKED_EVERY === 0 || line.length > LONG_LINE) && isOver()) throw new OutOfTime();
      return pattern.test(line);
    },
  }));
}

/**
 * Of lines that differ, it is the fence's; of a line too many, with none missing, the fence's line that could have stood
 * there and was passed over, or else the one before it.
 */
function firstWrong(rows: Pair[]): number | null {
  const at = rows.findIndex(({ same }) => !same);
  if (at < 0) return null;
  const end = rows.findIndex(({ same }, i) => i > at && same);
  const differing = rows.slice(at, end < 0 ? undefined : end);
  const missing = differing.find(({ index }) => index !== null);
  if (missing) return missing.index;
  const before = rows.slice(0, at).findLast(({ index }) => index !== null)?.index ?? null;
  const after = rows.slice(at).find(({ index }) => index !== null)?.index ?? null;
  const passedOver = (before ?? -1) + 1;
  return after !== null && passedOver < after ? passedOver : (before ?? 0);
}

/** Whether the fence would accept any output at all: such an expectation cannot fail. */
export function acceptsAnything(patterns: PatternLine[]): boolean {
  const probes = ['', '\u0001 7f3e\n', 'a\nb\n\u0002\n'];
  return patterns.length > 0 && probes.every((probe) => compareOutput(patterns, probe).passed);
}

/** The same name must stand for the same text throughout one fence. */
function capture(pattern: PatternLine, line: string | null, into: Record<string, string>): boolean {
  const found = line === null ? null : pattern.captures?.of(line);
  for (const [name, text] of Object.entries(found ?? {})) {
    if (Object.hasOwn(into, name) && into[name] !== text) return false;
    into[name] = text;
  }
  return true;
}
