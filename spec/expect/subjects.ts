import type { Captured, Printed, Refusal, ResultSet, SeenLocks } from '../../tools/expect/subject.ts';
import type { Verdict } from '../../tools/expect/verdict.ts';
import type { Library } from './judge-library.ts';

export type Cell = string | null;

/** What a shell left behind. */
export type Shell = Printed & { exitCode: number };
export type Of = ResultSet | Shell | Refusal | { locks: SeenLocks };

/** A result set of one type, e.g. `rows('int8', ['a', 'b'], ['1', '2'])`. */
export const rows = (type: string, names: string[], ...cells: Cell[][]): ResultSet => ({
  columns: names.map((name) => ({ name, type })),
  rows: cells,
  rowCount: cells.length,
  truncated: false,
});

export const touched = (rowCount: number): ResultSet => ({
  columns: [],
  rows: [],
  rowCount,
  truncated: false,
});

export const captured = (text: string, bytes = text.length): Captured => ({
  text,
  bytes,
  truncated: bytes > text.length,
});

export const printed = (stdout: string, stderr = '', exitCode = 0): Shell => ({
  exitCode,
  stdout: captured(stdout),
  stderr: captured(stderr),
});

/** A shell that printed more than was kept of it. */
export const cut = (stream: 'stdout' | 'stderr', text: string): Shell => ({
  ...printed(''),
  [stream]: captured(text, 9_000_000),
});

export const refused = (sqlstate: string, message: string): Refusal => ({ sqlstate, message });

/** Locks on one table, held for so many milliseconds. */
export const locks = (...all: number[]) => looked(52, ...all);

/** The same, of which nobody could look for so long. */
export const looked = (apartMs: number, ...all: number[]) => ({
  locks: { held: all.map((ms) => ({ table: 'orders', mode: 'SHARE', ms })), apartMs },
});

/** What a sentence says of a subject. Throws Error where no rule reads it, or where it speaks of something else. */
export function judged(
  { compileSentence, judgeRows, speaksOfRows }: Library,
  text: string,
  subject: Of,
): Verdict {
  const assertion = compileSentence(text)?.assertion;
  if (!assertion) throw new Error(`no rule reads “${text}”`);
  if (assertion.of === 'exit-status' && 'exitCode' in subject) return assertion.judge(subject.exitCode);
  if (assertion.of === 'printed' && 'stdout' in subject) return assertion.judge(subject);
  if (assertion.of === 'value' && 'stdout' in subject) return assertion.judge.printed(subject);
  if (assertion.of === 'locks' && 'locks' in subject) return assertion.judge(subject.locks);
  if (assertion.of === 'refusal' && 'sqlstate' in subject) return assertion.judge(subject);
  if (speaksOfRows(assertion) && 'rows' in subject) return judgeRows(assertion, subject);
  throw new Error(`“${text}” speaks of something else`);
}
