/** A line of a terminal, with its colours as a terminal is told of them, and when it came. */
export interface RecordedLine {
  text: string;
  atMs: number;
}

const ROW = 18;
const COLUMN = 7.9;
const MARGIN = 16;
/** So many rows are shown; what comes then moves the others up. */
const ROWS = 26;
/** Nobody wants to wait for longer than that, in milliseconds. */
const LONGEST_PAUSE_MS = 900;
/** The last picture stays for so long before it begins anew, in milliseconds. */
const REST_MS = 6000;

/**
 * A recording of a terminal as one animated picture, which needs no script: each line is shown when its time has come, and
 * where somebody wants no motion, all of the last rows at once. `columns` is the terminal's width.
 */
export function svgOf(lines: readonly RecordedLine[], columns: number): string {
  const times = shortened(lines);
  const total = (times.at(-1) ?? 0) + REST_MS;
  const height = ROWS * ROW + 2 * MARGIN;
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const percent = (ms: number) => `${((100 * ms) / total).toFixed(2)}%`;
  const rows = lines.map(
    ({ text }, i) =>
      `<text y="${(i + 1) * ROW - 5}" class="r r${i}" xml:space="preserve">${spans(text)}</text>`,
  );
  const shows = times.map(
    (ms, i) =>
      `@keyframes s${i}{0%,${percent(Math.max(0, ms - 1))}{visibility:hidden}${percent(ms)},100%{visibility:visible}}.r${i}{animation-name:s${i}}`,
  );
  // Of several at one time, the last counts.
  const moves = new Map<string, string>();
  for (const [i, ms] of times.entries()) {
    const up = Math.max(0, i + 1 - ROWS) * ROW;
    if (up > 0) moves.set(percent(ms), `${percent(ms)}{transform:translateY(-${up}px)}`);
  }
  const last = Math.max(0, lines.length - ROWS) * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>A rehearsal, as a terminal shows it</title>',
    '<style>',
    '.w{fill:#161b22}text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d7dde4}',
    '.b{font-weight:700;fill:#fff}.d{fill:#8b949e}.g{fill:#56d364}.x{fill:#ff7b72}',
    '@media (prefers-reduced-motion:no-preference){',
    `.r{animation:${total}ms step-end infinite}.up{animation:up ${total}ms step-end infinite}`,
    `@keyframes up{0%{transform:none}${[...moves.values()].join('')}}`,
    ...shows,
    '}',
    '</style>',
    `<rect class="w" width="${width}" height="${height}" rx="8"/>`,
    `<clipPath id="c"><rect width="${width}" height="${ROWS * ROW}"/></clipPath>`,
    `<g transform="translate(${MARGIN} ${MARGIN})" clip-path="url(#c)">`,
    `<g class="up" style="transform:translateY(-${last}px)">`,
    ...rows,
    '</g></g></svg>',
    '',
  ].join('\n');
}

/** When each line comes, without the longest pauses, in milliseconds from the first one on. */
function shortened(lines: readonly RecordedLine[]): number[] {
  let now = 0;
  return lines.map(({ atMs }, i) => {
    const before = lines[i - 1]?.atMs ?? atMs;
    now += Math.min(atMs - before, LONGEST_PAUSE_MS);
    return Math.round(now);
  });
}

const CLASSES: Record<string, string> = { '1': 'b', '2': 'd', '31': 'x', '32': 'g' };

/** The words of a line in the colours that this tool uses; each of them ends what was before it. */
function spans(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told of colours
  const parts = line.split(/\u001b\[(\d{1,3})m/);
  return parts
    .map((text, i) => {
      if (i % 2 === 1 || text === '') return '';
      const name = CLASSES[parts[i - 1] ?? ''];
      return name ? `<tspan class="${name}">${escaped(text)}</tspan>` : escaped(text);
    })
    .join('');
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
