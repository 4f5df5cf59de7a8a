import { type BlockReport, timeIn } from './report.ts';

/** Blocks that follow one another in a section of the runbook. */
export interface ReportSection {
  heading: string;
  status: BlockReport['status'];
  duration_ms: number;
  blocks: BlockReport[];
}

/** A report's blocks by section, in order; a section is as its worst block. */
export function sectionsOf(blocks: BlockReport[]): ReportSection[] {
  const groups: BlockReport[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (last?.[0]?.section === block.section) last.push(block);
    else groups.push([block]);
  }
  return groups.map((group) => ({
    heading: group[0]?.heading || 'Before the first heading',
    status: worst(group.map(({ status }) => status)),
    duration_ms: group.reduce((sum, block) => sum + timeIn(block), 0),
    blocks: group,
  }));
}

const worst = (statuses: BlockReport['status'][]): BlockReport['status'] =>
  statuses.find((status) => status === 'failed') ??
  statuses.find((status) => status === 'unknown') ??
  statuses.find((status) => status === 'not-run') ??
  'passed';
