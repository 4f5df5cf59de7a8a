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

/** The variables that runs leave, with those of an older run added: the value last seen counts. */
export const withOlder = (
  variables: Record<string, string>,
  older: Record<string, string>,
): Record<string, string> => ({ ...older, ...variables });
