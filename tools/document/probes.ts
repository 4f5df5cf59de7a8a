import { suggestion } from '../text/nearest.ts';
import type { Block } from './document.ts';
import type { Problem, Report } from './problem.ts';
import { problems } from './problems.ts';

/** The block that tells whether another one is done; null where that one names none, or there is none of this name. */
export const probeOf = (blocks: readonly Block[], { done }: Block): Block | null =>
  blocks.find(({ name }) => name === done) ?? null;

/** Reports each block whose probe cannot tell whether it is done. */
export function reportProbes(blocks: readonly Block[], report: Report): void {
  for (const block of blocks) {
    const problem = block.done === null ? null : problemOf(block, block.done, blocks);
    if (problem) report(problem);
  }
}

const NO_READER = 'write one of effect=reads, with what is true once this one is done';

function problemOf(block: Block, done: string, blocks: readonly Block[]): Problem | null {
  if (done === block.name) return problems.ownProbe(block, done);
  const probe = probeOf(blocks, block);
  if (!probe) {
    const names = blocks.filter(({ effect }) => effect === 'reads').map(({ name }) => name);
    return problems.noProbe(block, done, names.length > 0 ? suggestion(done, names) : NO_READER);
  }
  const line = String(probe.line);
  if (probe.effect !== 'reads') return problems.probeWrites(block, done, line);
  // What is only true of the seeded data is not judged where it matters.
  const judged = probe.expectations.some(({ scope }) => scope === 'always');
  return judged ? null : problems.probeExpectsNothing(block, done, line);
}
