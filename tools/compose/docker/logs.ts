import { setTimeout as pause } from 'node:timers/promises';
import { parseDurationMs } from '../duration.ts';
import { DockerCommandError } from '../errors.ts';
import { type LogLine, logPath, readLog, timestamp } from '../log.ts';
import type { ContainerState } from '../protocol.ts';
import { command, type Host } from './host.ts';
import { type Given, lastValue, type OptionTable, readOptions } from './options.ts';

const OPTIONS: OptionTable = {
  flags: {
    ...{ '-f': 'follow', '--follow': 'follow', '-t': 'timestamps', '--timestamps': 'timestamps' },
    ...{ '--no-color': 'no-color', '--no-log-prefix': 'no-prefix' },
  },
  values: { '-n': 'tail', '--tail': 'tail', '--since': 'since', '--until': 'until' },
};

const FOLLOW_INTERVAL_MS = 100;

type Labelled = LogLine & { container: ContainerState };

/** `docker compose logs`: what services printed, lines of several services in the order of time. */
export async function logs(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, OPTIONS);
  const [since, until] = [moment(given, 'since') ?? '', moment(given, 'until') ?? '~'];
  const tail = tailOf(given);
  const containers = await list(host, given.arguments);
  const width = Math.max(0, ...containers.map(({ name }) => shortName(name, host).length));
  const print = (lines: Labelled[]) => {
    const shown = lines.filter(({ time }) => time <= until).sort(byTime);
    host.print(shown.map((line) => format(line, given, host, width)).join(''));
  };
  const read = containers.map(async (container) => {
    const { lines, end } = await readLog(logPath(container.service, host.layout), { tail, since });
    return { container, end, lines: lines.map((line) => ({ ...line, container })) };
  });
  const logs = await Promise.all(read);
  print(logs.flatMap(({ lines }) => lines));
  if (given.flags.has('follow')) await follow(host, logs, print);
  return 0;
}

/** Prints what is added until no container of those runs any more. */
async function follow(
  host: Host,
  logs: { container: ContainerState; end: number }[],
  print: (lines: Labelled[]) => void,
): Promise<void> {
  const services = logs.map(({ container }) => container.service);
  for (let isLast = services.length === 0; !isLast; ) {
    isLast = !(await isAnyUp(host, services)) && !(await isAnyUpAfterChanges(host, services));
    for (const log of logs) {
      const { lines, end } = await readLog(logPath(log.container.service, host.layout), { start: log.end });
      log.end = end;
      print(lines.map((line) => ({ ...line, container: log.container })));
    }
    await pause(FOLLOW_INTERVAL_MS);
  }
}

async function isAnyUp(host: Host, services: string[]): Promise<boolean> {
  return (await list(host, services)).some(({ state }) => state === 'running' || state === 'restarting');
}

/** A container may be down only because it is being restarted: this question waits its turn. */
async function isAnyUpAfterChanges(host: Host, services: string[]): Promise<boolean> {
  await command(host, { ask: 'services' });
  return await isAnyUp(host, services);
}

const list = async (host: Host, services: string[]) =>
  (await command(host, { ask: 'list', services })) as ContainerState[];

const byTime = (a: LogLine, b: LogLine) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0);

function format({ time, text, container }: Labelled, given: Given, host: Host, width: number): string {
  const prefix = given.flags.has('no-prefix') ? '' : `${shortName(container.name, host).padEnd(width)}  | `;
  return `${prefix}${given.flags.has('timestamps') ? `${time} ` : ''}${text}\n`;
}

/** Docker leaves the project's name out of the prefix. */
const shortName = (name: string, { layout }: Host) =>
  name.startsWith(`${layout.id}-`) ? name.slice(layout.id.length + 1) : name;

function tailOf(given: Given): number {
  const text = lastValue(given, 'tail') ?? 'all';
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (!/^\d+$/.test(text))
    throw new DockerCommandError(`invalid argument "${text}" for "-n, --tail": a number or all`, 16);
  return Number(text);
}

/** A time span back from now (`10m`), a time in RFC 3339, or seconds since 1970: as a log has it. */
function moment(given: Given, option: string): string | undefined {
  const text = lastValue(given, option);
  if (text === undefined) return undefined;
  const span = parseDurationMs(text);
  const time =
    span === null ? (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)) : Date.now() - span;
  if (Number.isNaN(time)) {
    throw new DockerCommandError(
      `invalid value for "${option}": "${text}" is neither 10m nor 2026-03-01T02:00:00Z`,
      1,
    );
  }
  return timestamp(new Date(time));
}
