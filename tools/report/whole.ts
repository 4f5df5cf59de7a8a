import type { Event, RunStarted } from '../journal/event.ts';
import { chainOf, newestRehearsal } from '../journal/rehearsed.ts';
import { besideRehearsal } from './beside.ts';
import { nightOf } from './down-before.ts';
import { downtimeOf } from './downtime.ts';
import { foldReport, type RunReport } from './report.ts';

/**
 * The report of a run with what other runs below `home` add: the downtime since services were stopped, and of a real
 * run the rehearsal that it stands beside.
 */
export async function wholeReport(home: string, events: Event[]): Promise<RunReport> {
  const report = {
    ...foldReport(events),
    downtime: downtimeOf(await nightOf(home, await chainOf(home, events))),
  };
  return report.target.kind === 'nas' ? besideRehearsal(report, await rehearsalReport(home, events)) : report;
}

/** Of the newest rehearsal of the same blocks that passed; null where there is none. */
export async function rehearsalReport(home: string, [started]: Event[]): Promise<RunReport | null> {
  const rehearsal = await newestRehearsal(home, started as RunStarted);
  return rehearsal && foldReport(rehearsal);
}
