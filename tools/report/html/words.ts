import { showDuration } from '../../text/duration.ts';
import { showBudget } from '../live-line.ts';
import type { BlockReport, RunReport } from '../report.ts';
import { html, type Markup } from './markup.ts';

export type Status = RunReport['status'] | BlockReport['status'];

const SIGNS: Record<Status, string> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
  'not-run': '–',
  aborted: '✗',
};
const WORDS: Record<Status, string> = {
  passed: 'passed',
  failed: 'failed',
  unknown: 'unknown',
  'not-run': 'not run',
  aborted: 'aborted',
};

/** A status as a sign, which is read out as a word. */
export const sign = (status: Status): Markup =>
  html`<span class="sign ${status}" role="img" aria-label="${WORDS[status]}">${SIGNS[status]}</span>`;

export const wordOf = (status: Status): string => WORDS[status];

/** A time against its estimate, with a bar that is full where the estimate ends. */
export function timing({ duration_ms, budget_ms, status, carried }: BlockReport): Markup | null {
  if (duration_ms === null || status === 'not-run' || carried) return null;
  if (!budget_ms) return html`<span class="time">${showDuration(duration_ms)}</span>`;
  const [, most] = budget_ms;
  const over = duration_ms > most;
  const share = Math.min(100, Math.round((100 * duration_ms) / most));
  return html`<span class="time ${over && 'over'}">${showDuration(duration_ms)}
<progress class="bar" max="100" value="${share}" aria-hidden="true"></progress>
estimated ${showBudget(budget_ms)}${over && ', over it'}</span>`;
}
