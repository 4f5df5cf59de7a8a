import { showDuration } from '../text/duration.ts';
import { clip, printable, widthOf } from './style.ts';

/** What the live line tells of the block that runs now. */
export interface Live {
  /** Its place and its name. */
  head: string;
  ms: number;
  budgetMs: [number, number] | null;
  /** How long it took in a rehearsal; null where that is not known. */
  rehearsedMs: number | null;
  /** `, about 4 min left`; empty where nothing is known. */
  left: string;
  /** The last line that it printed. */
  line: string;
}

/** So much of the last line is worth more than what it takes the place of. */
const LEAST_OF_LINE = 15;

/**
 * What runs now, how long it has taken against its estimate and its rehearsal, what is left, and its last line: at most
 * `columns` wide. Where there is no room for all of it, the estimate goes first, as the rehearsal says more, and then
 * the rehearsal.
 */
export function liveLine(live: Live, columns: number): string {
  const line = printable(live.line).replaceAll(/\s+/g, ' ').trim();
  const room = columns - (line === '' ? 0 : LEAST_OF_LINE + 2);
  const heads = wordings(live);
  const head = heads.find((one) => widthOf(one) <= room) ?? (heads.at(-1) as string);
  return clip(line === '' ? head : `${head}  ${line}`, columns);
}

/** The same with ever less. */
function wordings({ head, ms, budgetMs, rehearsedMs, left }: Live): string[] {
  const estimated = budgetMs ? `, estimated ${showBudget(budgetMs)}` : '';
  const rehearsed = rehearsedMs === null ? '' : `, rehearsed in ${showDuration(rehearsedMs)}`;
  const of = (...parts: string[]) => `${head}  ${showDuration(ms)}${parts.join('')}`;
  return [of(estimated, rehearsed, left), of(rehearsed || estimated, left), of(left), of()];
}

/** `1 s to 5 s`, or `5 s` where both ends are the same. */
export function showBudget(budgetMs: [number, number]): string {
  const [least, most] = budgetMs.map(showDuration) as [string, string];
  return least === most ? most : `${least} to ${most}`;
}
