import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Layout } from './layout.ts';

/** One line that a service printed; `time` is RFC 3339 in UTC with nanoseconds, as Docker writes it. */
export interface LogLine {
  time: string;
  text: string;
}

/** What a service without a line break may print before it counts as a line: Docker cuts there, too. */
const LONGEST_LINE = 16 * 1024;

export const logPath = (service: string, layout: Layout) => join(layout.logs, `${service}.log`);

/** Appends to a service's log whatever its output streams bring, each line with the time of its end. */
export function captureLog(path: string, streams: Readable[]): void {
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  let open = streams.length;
  for (const stream of streams) {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      while (rest.length > LONGEST_LINE) {
        lines.push(rest.slice(0, LONGEST_LINE));
        rest = rest.slice(LONGEST_LINE);
      }
      if (lines.length > 0) file.write(lines.map(stamped).join(''));
    });
    stream.on('close', () => {
      if (rest) file.write(stamped(rest));
      if (--open === 0) file.end();
    });
  }
}

const stamped = (text: string) => `${timestamp(new Date())} ${text}\n`;

/** A time as it stands in a log. Such texts sort as the times do. */
export const timestamp = (date: Date) => date.toISOString().replace('Z', '000000Z');

/** Which lines: the last `tail` of those not before `since` (a timestamp), from byte `start` on. */
export interface LogRange {
  tail?: number;
  since?: string;
  start?: number;
}

/** The wanted lines, oldest first, and where the next one will begin. A log that does not exist has none. */
export async function readLog(
  path: string,
  { tail = Number.POSITIVE_INFINITY, since = '', start = 0 }: LogRange = {},
): Promise<{ lines: LogLine[]; end: number }> {
  let lines: LogLine[] = [];
  let rest = Buffer.alloc(0);
  let end = start;
  for await (const chunk of await openLog(path, start)) {
    rest = Buffer.concat([rest, chunk]);
    const whole = rest.lastIndexOf('\n') + 1;
    const added = rest.subarray(0, whole).toString('utf8').split('\n').slice(0, -1).map(parseLine);
    lines.push(...added.filter(({ time }) => time >= since));
    if (lines.length > tail) lines = tail === 0 ? [] : lines.slice(-tail);
    rest = rest.subarray(whole);
    end += whole;
  }
  return { lines, end };
}

async function openLog(path: string, start: number): Promise<AsyncIterable<Buffer>> {
  try {
    return (await open(path)).createReadStream({ start });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Readable.from([]);
    throw error;
  }
}

function parseLine(line: string): LogLine {
  const space = line.indexOf(' ');
  return { time: line.slice(0, space), text: line.slice(space + 1) };
}
