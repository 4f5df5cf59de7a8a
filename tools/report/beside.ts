import { showDuration } from '../text/duration.ts';
import type { BesideBlock, BlockReport, RunReport } from './report.ts';

/** A report with a rehearsal of the same blocks beside it; where there is none, as it is. */
export function besideRehearsal(report: RunReport, rehearsal: RunReport | null): RunReport {
  if (!rehearsal) return report;
  const left = [...rehearsal.blocks];
  const pairs = report.blocks.flatMap((block) => {
    // Blocks that are repeated are told apart by their order.
    const at = left.findIndex(({ key }) => key !== null && key === block.key);
    const [same] = at < 0 ? [] : left.splice(at, 1);
    return same ? [[block.name, besideBlock(block, same)] as const] : [];
  });
  const { id, target, started_at, downtime } = rehearsal;
  return {
    ...report,
    beside: { run: id, target, started_at, downtime, blocks: Object.fromEntries(pairs) },
  };
}

function besideBlock(block: BlockReport, same: BlockReport): BesideBlock {
  const { duration_ms, statements, stdout } = same;
  const both = block.language === 'sql' && block.status !== 'not-run' && same.status !== 'not-run';
  return { duration_ms, statements, differs: both && stdout !== block.stdout ? stdout : null };
}

/** From where on a time is another: three times as long, and by more than a person waits for without noticing. */
const TIMES_AS_LONG = 3;
const NOTICED_MS = 2000;

/** `rehearsed 40 ms`, and whether the time is another than that. Null where one of them is not known. */
export function besideTime(
  ms: number | null,
  rehearsed: number | null | undefined,
): { text: string; differs: boolean } | null {
  if (ms === null || rehearsed === null || rehearsed === undefined) return null;
  const differs = ms > rehearsed * TIMES_AS_LONG && ms - rehearsed > NOTICED_MS;
  return { text: `rehearsed ${showDuration(rehearsed)}`, differs };
}
