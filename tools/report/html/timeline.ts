import type { BlockFacts, Event, RunStarted } from '../../journal/event.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { showDuration } from '../../text/duration.ts';
import { html, type Markup } from './markup.ts';

/** Of more blocks nobody sees anything in a picture. */
const MOST_ROWS = 200;

/** Sizes of the picture, in its own units. */
const [WIDTH, LABEL, ROW] = [1000, 260, 20];

interface Row {
  facts: BlockFacts;
  /** Milliseconds from the beginning of the run. */
  fromMs: number;
  /** Null of one that runs. */
  untilMs: number | null;
  status: Outcome['status'] | 'running';
}

/**
 * When each block of a run ran and for how long: a bar, the end of its estimate as a frame, and what the rehearsal took as
 * a line. Null where nothing has run yet.
 */
export function timeline(events: readonly Event[], now: string): Markup | null {
  const started = events.find((event): event is RunStarted => event.type === 'run-started');
  const rows = started ? rowsOf(started, events).slice(0, MOST_ROWS) : [];
  if (!started || rows.length === 0) return null;
  const nowMs = Date.parse(now) - Date.parse(started.at);
  const first = Math.min(...rows.map(({ fromMs }) => fromMs));
  const last = Math.max(...rows.map(({ untilMs }) => untilMs ?? nowMs), first + 1);
  const at = (ms: number) =>
    Math.round(LABEL + ((Math.min(ms, last) - first) / (last - first)) * (WIDTH - LABEL));
  const bar = ({ facts, fromMs, untilMs, status }: Row, i: number): Markup => {
    const y = i * ROW;
    const end = untilMs ?? nowMs;
    const most = facts.budget_ms?.[1];
    const rehearsed = started.expected_ms[facts.name];
    return html`<g><title>${facts.name}: ${showDuration(end - fromMs)}${most !== undefined && `, estimated up to ${showDuration(most)}`}${rehearsed !== undefined && `, rehearsed in ${showDuration(rehearsed)}`}</title>
<text x="${LABEL - 10}" y="${y + 14}" text-anchor="end">${facts.name}</text>
${most !== undefined && html`<rect class="estimate" x="${at(fromMs)}" y="${y + 4}" width="${Math.max(1, at(fromMs + most) - at(fromMs))}" height="12"/>`}
<rect class="${status}" x="${at(fromMs)}" y="${y + 6}" width="${Math.max(2, at(end) - at(fromMs))}" height="8"/>
${rehearsed !== undefined && html`<rect class="rehearsed" x="${at(fromMs + rehearsed)}" y="${y + 2}" width="2" height="16"/>`}</g>`;
  };
  return html`<details class="timeline" data-keep="timeline"><summary>Timeline: ${showDuration(last - first)} from the first block to the last</summary>
<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW}" role="img" aria-label="When each block ran, beside its estimate and its rehearsal">${rows.map(bar)}</svg>
<p class="where">bars: this run · frames: estimates · lines: the rehearsal</p></details>`;
}

function rowsOf({ at, blocks }: RunStarted, events: readonly Event[]): Row[] {
  const rows = new Map<string, Row>();
  const facts = new Map(blocks.map((one) => [one.name, one]));
  const since = (moment: string) => Date.parse(moment) - Date.parse(at);
  for (const event of events) {
    if (event.type === 'block-started') {
      const one = facts.get(event.name);
      const row = rows.get(event.name);
      // A block that is tried again goes on with its bar.
      if (row) Object.assign(row, { untilMs: null, status: 'running' });
      else if (one)
        rows.set(event.name, { facts: one, fromMs: since(event.at), untilMs: null, status: 'running' });
    }
    if (event.type !== 'block-finished') continue;
    const row = rows.get(event.name);
    if (row) Object.assign(row, { untilMs: since(event.at), status: event.outcome.status });
  }
  return [...rows.values()];
}
