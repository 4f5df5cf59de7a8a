import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { DockerCommandError } from '../errors.ts';
import { command, type Host, secondsToMs } from './host.ts';
import { type Given, lastValue, readOptions } from './options.ts';

/** `docker compose up`. Always in the background: the replica's services outlive the command. */
export async function up(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: {
      ...{ '-d': 'detach', '--detach': 'detach', '--wait': 'wait', '--no-deps': 'no-deps' },
      ...{ '--force-recreate': 'recreate', '--build': 'build', '--remove-orphans': 'orphans' },
      ...{ '--quiet-pull': 'quiet', '--no-build': 'no-build' },
    },
    values: { '--wait-timeout': 'wait-timeout' },
  });
  if (!given.flags.has('detach') && !given.flags.has('wait')) {
    throw new DockerCommandError(
      'the embedded replica starts services in the background only: docker compose up -d',
      16,
    );
  }
  const limitMs = secondsToMs(lastValue(given, 'wait-timeout'), '--wait-timeout');
  const isUp = command(host, {
    ask: 'up',
    services: given.arguments,
    wait: given.flags.has('wait'),
    dependencies: !given.flags.has('no-deps'),
    recreate: given.flags.has('recreate'),
  });
  await (limitMs === undefined ? isUp : Promise.race([isUp, giveUpAfter(limitMs)]));
  return 0;
}

async function giveUpAfter(limitMs: number): Promise<never> {
  await pause(limitMs, undefined, { ref: false });
  throw new DockerCommandError(`application not healthy after ${limitMs / 1000}s`, 1);
}

/** `docker compose start`. */
export async function start(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, { flags: {}, values: {} });
  await command(host, { ask: 'start', services: given.arguments });
  return 0;
}

/** `docker compose stop`. */
export async function stop(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, { flags: {}, values: { '-t': 'timeout', '--timeout': 'timeout' } });
  await command(host, { ask: 'stop', services: given.arguments, ...graceOf(given) });
  return 0;
}

/** `docker compose restart`. */
export async function restart(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: { '--no-deps': 'no-deps' },
    values: { '-t': 'timeout', '--timeout': 'timeout' },
  });
  await command(host, { ask: 'restart', services: given.arguments, ...graceOf(given) });
  return 0;
}

function graceOf(given: Given): { graceMs?: number } {
  const graceMs = secondsToMs(lastValue(given, 'timeout'), '-t, --timeout');
  return graceMs === undefined ? {} : { graceMs };
}

/** `docker compose kill`. */
export async function kill(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: { '--remove-orphans': 'orphans' },
    values: { '-s': 'signal', '--signal': 'signal' },
  });
  const text = (lastValue(given, 'signal') ?? 'KILL').toUpperCase();
  const signal = Object.entries(constants.signals).find(
    ([name, number]) => name === text || name === `SIG${text}` || String(number) === text,
  )?.[0];
  if (signal === undefined) throw new DockerCommandError(`invalid signal: ${text}`, 1);
  await command(host, { ask: 'kill', services: given.arguments, signal });
  return 0;
}

/** `docker compose rm`. */
export async function remove(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: { '-f': 'force', '--force': 'force', '-s': 'stop', '--stop': 'stop', '-v': 'volumes' },
    values: {},
  });
  if (given.flags.has('stop')) await command(host, { ask: 'stop', services: given.arguments });
  else if (!given.flags.has('force'))
    throw new DockerCommandError('rm asks before it removes: docker compose rm -f', 16);
  await command(host, { ask: 'remove', services: given.arguments });
  return 0;
}

/** `docker compose down`. */
export async function down(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: { '-v': 'volumes', '--volumes': 'volumes', '--remove-orphans': 'orphans' },
    values: { '-t': 'timeout', '--timeout': 'timeout' },
  });
  if (given.arguments.length > 0)
    throw new DockerCommandError('down takes no services: docker compose rm -sf SERVICE', 16);
  await command(host, { ask: 'down', volumes: given.flags.has('volumes'), ...graceOf(given) });
  return 0;
}

/** `docker compose wait`: prints the exit status of the first container that ends, and ends with it. */
export async function wait(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, { flags: {}, values: {} });
  if (given.arguments.length === 0)
    throw new DockerCommandError('requires at least 1 arg(s), only received 0', 1);
  const exitCode = (await command(host, { ask: 'wait', services: given.arguments })) as number;
  host.print(`${exitCode}\n`);
  return exitCode;
}
