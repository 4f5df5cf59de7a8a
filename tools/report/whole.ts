import type { Event, RunStarted } from '../journal/event.ts';
import type { Journals } from '../journal/journals.ts';
import { chainOf, newestRehearsal } from '../journal/rehearsed.ts';
import { besideRehearsal } from './beside.ts';
import { nightOf } from './down-before.ts';
import { downtimeOf } from './downtime.ts';
import { foldReport, type RunReport } from './report.ts';

/**
 * The report of a run with what other runs add: the downtime since services were stopped, and of a real
 * run the rehearsal that it stands beside.
 */
export async function wholeReport(journals: Journals, events: Event[]): Promise<RunReport> {
  const report = {
    ...foldReport(events),
    downtime: downtimeOf(await nightOf(journals, await chainOf(journals, events))),
  };
  return report.target.kind === 'nas'
    ? besideRehearsal(report, await rehearsalReport(journals, events))
    : report;
}

/** Of the newest rehearsal of the same blocks that passed; null where there is none. */
export async function rehearsalReport(journals: Journals, [started]: Event[]): Promise<RunReport | null> {
  const rehearsal = await newestRehearsal(journals, started as RunStarted);
  return rehearsal && foldReport(rehearsal);
}
