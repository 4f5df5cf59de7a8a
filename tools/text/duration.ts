import { count } from './count.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of an attribute such as `90s`, `2m`, `1h30m` or `500ms`; null where it is none. */
export function parseDuration(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null;
  const parts = text.matchAll(/(?<![\d.])([\d.]+)([a-z]+)/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit as string] ?? 0), 0);
}

const SPAN = /^(?:about )?(\d+(?:\.\d+)?)(?:\s*(?:-|–|to)\s*(\d+(?:\.\d+)?))?\s*(second|minute|hour)s?\b/i;

/** `[least, most]` in milliseconds of a sentence that begins like `1-5 minutes …`; null where it does not. */
export function parseBudget(text: string): [number, number] | null {
  const [, least, most, unit] = SPAN.exec(text.trim()) ?? [];
  if (least === undefined || unit === undefined) return null;
  const factor = UNITS[unit[0]?.toLowerCase() ?? ''] ?? 0;
  const budget: [number, number] = [Number(least) * factor, Number(most ?? least) * factor];
  return budget[0] <= budget[1] ? budget : null;
}

/** For people: `340 ms`, `4.2 s`, `10 s`, `1 min 05 s`, `5 min`, `2 h 03 min`. */
export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${rest(seconds % 60, 's')}`;
  return `${Math.floor(seconds / 3600)} h${rest(Math.floor((seconds % 3600) / 60), 'min')}`;
}

const rest = (n: number, unit: string) => (n === 0 ? '' : ` ${String(n).padStart(2, '0')} ${unit}`);

const AGES: [unit: string, ms: number][] = [
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** Clocks of one machine may be so far apart, as one is set while it runs. */
const CLOCKS_APART_MS = 60_000;

/**
 * How long ago something was, of milliseconds, for people: `40 seconds ago`, `14 minutes ago`, `3 days ago`; of what is yet
 * to come, by how much one clock or the other is wrong.
 */
export function showAge(ms: number): string {
  const away = Math.abs(ms);
  const [unit, length] = AGES.find(([, length]) => away >= 2 * length) ?? (['second', 1000] as const);
  const so = (of: number) => count(Math.floor(of / length), unit);
  return ms < -CLOCKS_APART_MS ? `${so(away)} ahead of this clock` : `${so(Math.max(0, ms))} ago`;
}
