import type { BlockFacts, Event, RunStarted } from '../journal/event.ts';
import { showDuration } from '../text/duration.ts';
import { type Downtime, downtimeMs } from './downtime.ts';
import type { RunReport } from './report.ts';
import { type Standing, standingOf } from './standing.ts';

/** What the last page is made of besides the events. */
export interface LastPageFacts {
  /** Of the compose file, as the host says; null where it did not answer. */
  services: { stopped: string[]; running: string[] } | null;
  /** How long services have been down, since whichever run stopped them; null where none did. */
  down: Downtime | null;
  /** The words that go on with this run, with what is to be known of them in more lines. */
  goOn: string[];
  /** The words that run another procedure on its host, given its path. */
  run(procedure: string): string;
  /** The procedures that lead back. */
  ways: Way[];
  /** The newest rehearsal of the same blocks that passed. */
  rehearsal: RunReport | null;
  /** ISO 8601. */
  now: string;
}

/** A procedure that leads back. */
export interface Way {
  procedure: string;
  /** Its blocks that destroy, by their names. */
  destroys: string[];
  /** Variables that it uses, that a block of the runbook would leave, and that no run has left. */
  lacks: string[];
}

/**
 * What the person must know where a run has not passed, in lines: what is done and what is not, what is stopped, and
 * how to go on or back. `chain` is the run and those that it resumes, the oldest first.
 */
export function lastPage(chain: readonly Event[][], facts: LastPageFacts): string[] {
  const standing = standingOf(chain);
  const [{ runbook }] = (chain.at(-1) ?? []) as [RunStarted];
  return [
    '',
    'How it stands',
    ...standingLines(standing, runbook.path),
    ...row('services', serviceLines(facts.services)),
    ...row('down', downtimeLines(facts.down, facts)),
    ...row('to go on', facts.goOn),
    ...row('to go back', wayLines(standing, facts)),
  ];
}

/** The downtime clock in lines; none where nothing was stopped. */
export function downtimeLines(
  down: Downtime | null,
  { rehearsal, now }: Pick<LastPageFacts, 'rehearsal' | 'now'>,
): string[] {
  if (!down) return [];
  const took = showDuration(downtimeMs(down, now));
  const since = `${timeOf(down.from.at)} (${down.from.block})`;
  const line = down.until
    ? `${took}, from ${since} to ${timeOf(down.until.at)} (${down.until.block})`
    : `for ${took} so far, since ${since}`;
  const rehearsed = rehearsal?.downtime?.until ? downtimeMs(rehearsal.downtime, now) : null;
  if (rehearsed === null || !rehearsal) return [line];
  return [line, `the rehearsal of ${timeOf(rehearsal.started_at)} took ${showDuration(rehearsed)}`];
}

function standingLines({ done, failed, unknown, notDone }: Standing, path: string): string[] {
  const at = ({ name, line }: BlockFacts) => `${name} (${path}:${line})`;
  return [
    ...row('done', [counted(done)]),
    ...row(
      'failed',
      failed.map((facts) => `${at(facts)}${partly(facts)}`),
    ),
    ...row(
      'unknown',
      unknown.map((facts) => `${at(facts)}: nobody can say how it ended${partly(facts)}`),
    ),
    ...row('not done', [counted(notDone)]),
  ];
}

const partly = ({ effect }: BlockFacts) =>
  effect === 'reads' ? ', and it only reads' : `; it ${effect}, and some of that may be done`;

/** Those that change something by their names, the others by their number. */
function counted(blocks: BlockFacts[]): string {
  if (blocks.length === 0) return 'nothing';
  const names = blocks.filter(({ effect }) => effect !== 'reads').map(({ name }) => name);
  const reading = blocks.length - names.length;
  const only = `${reading} block${reading === 1 ? ' that only reads' : 's that only read'}`;
  return [...names, ...(reading > 0 ? [only] : [])].join(', ');
}

function serviceLines(services: LastPageFacts['services']): string[] {
  if (!services) return ['the host does not answer: ask it with `docker compose ps --all`'];
  const { stopped, running } = services;
  if (stopped.length === 0) return ['all of them run'];
  return [`stopped: ${stopped.join(', ')}; running: ${running.join(', ') || 'none'}`];
}

function wayLines({ done, failed, unknown }: Standing, { ways, run }: LastPageFacts): string[] {
  const changed = [...done, ...failed, ...unknown].some(({ effect }) => effect !== 'reads');
  if (!changed) return ['nothing was changed, so there is nothing to undo'];
  if (ways.length === 0) return ['the front matter names no procedure: `rollback: [its-path]`'];
  return ways.flatMap(({ procedure, destroys, lacks }) => [
    run(procedure),
    ...lacks.map((name) => `  it cannot run: it needs ${name}, and no run has left it`),
    ...(destroys.length > 0
      ? [`  it destroys: ${destroys.length > 1 ? 'blocks' : 'block'} ${destroys.join(', ')}`]
      : []),
    ...(lacks.length + destroys.length === 0 ? ['  it destroys nothing'] : []),
  ]);
}

/** A heading, and lines beside it; nothing of no lines. */
const row = (heading: string, lines: string[]): string[] =>
  lines.map((line, i) => `  ${(i === 0 ? heading : '').padEnd(11)}${line}`);

const timeOf = (at: string) => at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
