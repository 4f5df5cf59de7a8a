import type { Output } from '../outcome/output.ts';
import type { BlockFinished } from './event.ts';

type Ended = Pick<BlockFinished, 'output' | 'outcome'>;

/** The variables that a block exported: none for one that is no shell, or did not run. */
export const exportsOf = (output: Output | null): Record<string, string> =>
  output?.kind === 'shell' ? output.exports : {};

/** The variables that blocks leave to those after them: exported and captured, with the values last seen. */
export function variablesLeftBy(...blocks: Ended[]): Record<string, string> {
  const left = blocks.map(({ output, outcome }) => ({ ...exportsOf(output), ...outcome.captured }));
  return Object.assign({}, ...left);
}

/** Where a variable has its value from: the block that left it, in which run, and when that ended (ISO 8601, UTC). */
export interface Origin {
  run: string;
  block: string;
  at: string;
}

/** A variable that a run left, with where it has its value from. */
export interface LeftVariable extends Origin {
  value: string;
}

/** Variables that runs left, by their names. */
export type LeftVariables = Record<string, LeftVariable>;

/** Each value with the one origin, which all of them have. */
export const withOrigin = (values: Record<string, string>, origin: Origin): LeftVariables =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, ...origin }]));

/** The values alone. */
export const valuesOf = (left: LeftVariables): Record<string, string> =>
  Object.fromEntries(Object.entries(left).map(([name, { value }]) => [name, value]));

/** Each with how long ago it was left, in milliseconds. */
export const withAges = (left: LeftVariables): Map<string, LeftVariable & { ageMs: number }> =>
  new Map(
    Object.entries(left).map(([name, from]) => [name, { ...from, ageMs: Date.now() - Date.parse(from.at) }]),
  );
