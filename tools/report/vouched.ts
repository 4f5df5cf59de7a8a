import type { Receipt, RunStarted } from '../journal/event.ts';
import { isDataSize } from '../text/data-size.ts';
import { showAge } from '../text/duration.ts';
import type { RunReport } from './report.ts';

/** `rehearsed 3 hours ago as …: on the embedded replica, small data`. */
export function showReceipt({ run, at, replica, data }: Receipt, nowMs: number): string {
  const held = data === null ? '' : `, ${showData(data)}`;
  return `rehearsed ${showAge(nowMs - Date.parse(at))} as ${run}: on the ${replica} replica${held}`;
}

/** `small data`, or `data of shop.dump`. */
export const showData = (data: string): string => (isDataSize(data) ? `${data} data` : `data of ${data}`);

/** The rehearsal that a run builds on, or why it goes without; null where nothing is recorded, as of a rehearsal. */
export function showRehearsed({ rehearsed }: Pick<RunStarted, 'rehearsed'>, now: Date): string | null {
  if (rehearsed === null) return null;
  return 'reason' in rehearsed ? `not rehearsed: ${rehearsed.reason}` : showReceipt(rehearsed, now.getTime());
}

/** What a report says of a rehearsal from which blocks were left out; null of a whole one. */
export const showPart = ({ part, procedure }: Pick<RunReport, 'part' | 'procedure'>): string | null =>
  part ? `a part of ${procedure}: it vouches for no run on a host` : null;
