import type { Document } from '../document/document.ts';
import type { Receipt } from '../journal/event.ts';
import type { Journals } from '../journal/journals.ts';
import { receiptFor, type VouchedBlock, type Vouching } from '../journal/receipt.ts';
import { type Timings, timingsFor } from '../journal/timings.ts';
import { expectedOf } from '../plan/forecast.ts';
import { blockSteps, type Plan } from '../plan/plan.ts';
import { showData } from '../report/vouched.ts';
import { showDuration } from '../text/duration.ts';
import { bytesOf } from './bytes.ts';
import { calledOn } from './called-on.ts';
import { CommandError, EXIT } from './exit.ts';

/** The bytes of today, and how long the plan's blocks took in rehearsals. */
export interface VouchedFor {
  bytes: string;
  expected_ms: Record<string, number>;
  from: Timings['from'];
}

/** Throws CommandError where an input is not there. */
export async function vouchedFor(document: Document, plan: Plan, journals: Journals): Promise<VouchedFor> {
  const timings = await timingsFor(
    journals,
    blocksOf(plan).map(({ key }) => key),
  );
  return { bytes: await bytesOf(document), expected_ms: expectedOf(plan, timings.ms), from: timings.from };
}

const blocksOf = ({ steps }: Plan): VouchedBlock[] => blockSteps(steps).map(({ block }) => block);

/** The rehearsal that vouches for a plan of these bytes, or why none does. */
export const receiptOf = (
  { sha256 }: Document,
  plan: Plan,
  journals: Journals,
  bytes: string,
): Promise<Vouching> => receiptFor(journals, bytes, sha256, blocksOf(plan));

/**
 * What a real run of a plan builds on: the rehearsal that vouches for these bytes, or the person's reason to go without.
 * Throws CommandError, with how to rehearse, where there is neither.
 */
export async function requireReceipt(
  document: Document,
  plan: Plan,
  journals: Journals,
  bytes: string,
  unrehearsed: string | undefined,
): Promise<Receipt | { reason: string }> {
  const found = await receiptOf(document, plan, journals, bytes);
  if ('receipt' in found) return found.receipt;
  if (unrehearsed?.trim()) return { reason: unrehearsed };
  const empty = unrehearsed === undefined ? '' : ', and the reason to go without is empty';
  throw new CommandError(
    EXIT.refused,
    `${plan.procedure} was not rehearsed as it is now: ${found.why}${empty}; ${remedy(document, plan)}`,
  );
}

function remedy({ path }: Document, { procedure }: Plan): string {
  const what = procedure === 'main' ? '' : ` ${procedure}`;
  return [
    `rehearse it with \`${calledOn(path)} rehearse${what}\`,`,
    'or run it all the same with --unrehearsed "the reason", which every report will show',
  ].join(' ');
}

/** How long all will take, by which rehearsal; null where nothing is known. */
export function showExpected({ expected_ms, from }: Omit<VouchedFor, 'bytes'>, plan: Plan): string | null {
  const known = Object.values(expected_ms);
  if (from === null || known.length === 0) return null;
  const blocks = blocksOf(plan).length;
  const of = known.length < blocks ? ` (${known.length} of ${blocks} blocks)` : '';
  const data = from.data === null ? '' : `, on ${showData(from.data)}`;
  const total = showDuration(known.reduce((sum, ms) => sum + ms, 0));
  return `expected to take ${total} in blocks${of}, as in the rehearsal ${from.run}${data}`;
}
