import type { Block, ChecklistItem, Document } from './document.ts';
import { probeOf } from './probes.ts';

/** Whether a checklist item is put as a question, and so is the person's to answer: no program sees whether it is so. */
const isQuestion = ({ text }: ChecklistItem): boolean => /[?？][\s*_)\]"'”’]*$/u.test(text);

/** The checklist items that say that something is so, and that no block proves. */
export const unprovedItems = ({ checks }: Pick<Document, 'checks'>): ChecklistItem[] =>
  checks.filter((item) => item.blocks.length === 0 && !isQuestion(item));

/**
 * The blocks that nothing is expected of but that they end well. One that its probe proves is none of them: the probe
 * stands below it in its section and runs with it, so what is true once the block is done is judged right after it.
 */
export const unprovedBlocks = ({ blocks }: Pick<Document, 'blocks'>): Block[] =>
  blocks.filter((block) => block.expectations.length === 0 && !isProvedByProbe(block, blocks));

function isProvedByProbe(block: Block, blocks: readonly Block[]): boolean {
  const probe = probeOf(blocks, block);
  return (
    probe !== null &&
    probe.section === block.section &&
    probe.line > block.line &&
    !probe.excludeFromRunAll &&
    probe.expectations.length > 0
  );
}
