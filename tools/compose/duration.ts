const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The milliseconds of a duration as compose writes it (`1m30s`, `500ms`), or null where it is none. */
export function parseDurationMs(text: string): number | null {
  if (!/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(?<![\d.])([\d.]+)([a-z]+)/g)) {
    total += Number(amount) * (UNITS[unit] ?? 0);
  }
  return total;
}

const STEPS: [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** A time span in the words that `docker ps` uses: `3 seconds`, `About a minute`, `2 hours`. */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds >= 60 && seconds < 120) return 'About a minute';
  if (seconds >= 3600 && seconds < 7200) return 'About an hour';
  const [length, name] = STEPS.find(([step]) => seconds >= step) ?? [1, 'second'];
  const count = Math.floor(seconds / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
