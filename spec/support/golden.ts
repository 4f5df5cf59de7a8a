import { expect } from 'vitest';

/** What stands in a golden file for a text that every run has its own of; the more special come first. */
const OWN: [RegExp, string][] = [
  [/\b\d{8}-\d{6}-[0-9a-f]{4}\b/g, '<run>'],
  [/\brunbook-[0-9a-f]{8}\b/g, '<replica>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)?/g, '<time>'],
  [/^\d\d:\d\d:\d\dZ /gm, '<time> '],
  [/\b\d+(\.\d+)? m?s\b/g, '<duration>'],
  [/\b\d+ (second|minute|hour|day)s? ago\b/g, '<age>'],
  [/"(\w*(?:duration_ms|command_ms|start|seed|stop))": \d+(\.\d+)?/g, '"$1": <ms>'],
  [/\bon \S+ \(machine \w+\), |\bon [^\s,]+, (?=.*, database \S+ of cluster)/g, 'on <machine>, '],
  [/\b\d+(\.\d+)? [KM]?B of write-ahead log/g, '<size> of write-ahead log'],
  [/\bcluster \d{15,}/g, 'cluster <cluster>'],
  [/\bprocess \d+( of the server|, is at work)/g, 'process <pid>$1'],
  [/pg_terminate_backend\(\d+\)/g, 'pg_terminate_backend(<pid>)'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
];

/** A text without what only one run has: ids, times, ports; and each place of `places` by its name. */
function stable(text: string, places: Record<string, string> = {}): string {
  const placed = Object.entries(places).reduce(
    (all, [name, place]) => all.replaceAll(place, `<${name}>`),
    text,
  );
  return OWN.reduce((all, [own, name]) => all.replaceAll(own, name), placed);
}

/** What a command printed and how it ended. */
export interface Ended {
  exitCode?: number | undefined;
  stdout: string;
  stderr: string;
}

/**
 * Expects the whole output of a command to be that of a file beside the calling spec, such as `golden/check-sound.txt`.
 * `vitest --update` writes it.
 */
export async function expectGolden(file: string, ended: Ended, places: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = ended;
  const parts = [
    `exit status: ${exitCode}`,
    ...(stdout ? ['--- standard output', stdout] : []),
    ...(stderr ? ['--- standard error', stderr] : []),
  ];
  await expect(`${stable(parts.join('\n'), places)}\n`).toMatchFileSnapshot(file);
}
