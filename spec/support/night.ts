import type { BlockFacts, Event } from '../../tools/journal/event.ts';
import type { Outcome } from '../../tools/outcome/outcome.ts';
import { runStarted } from './events.ts';

type Status = Outcome['status'];

export const clock = (second: number) => new Date(Date.UTC(2026, 2, 1, 2, 0, second)).toISOString();

const TEXTS: Record<string, string> = {
  look: 'docker compose ps # docker compose stop',
  'back-up': 'pg_dump > x.dump',
  stop: 'docker compose stop api crawler',
  migrate: 'tools/migrate upgrade head',
  verify: 'docker compose ps',
  start: 'docker compose --ansi never up -d --wait',
};

const factsOf = (name: string, line: number): BlockFacts => ({
  name,
  section: 'step-1',
  heading: 'Step 1: All',
  line,
  language: 'sh',
  on: name === 'migrate' ? 'local' : 'nas',
  effect: name === 'look' || name === 'verify' ? 'reads' : 'writes',
  key: name,
  done: null,
  text: TEXTS[name] ?? '',
  budget_ms: null,
  expectations: [],
});

/** A run in which these blocks ended so, ten seconds after one another; those left out were not reached. */
export function run(
  id: string,
  at: number,
  statuses: Record<string, Status | 'begun' | 'could not run'>,
  resumes: string | null = null,
) {
  const events: Event[] = [
    runStarted({
      at: clock(at),
      id,
      target: { name: 'nas', kind: 'host', server_version: '14.23' },
      blocks: Object.keys(TEXTS).map((name, i) => factsOf(name, 10 * (i + 1))),
      resumes,
    }),
  ];
  for (const [i, name] of Object.keys(TEXTS).entries()) {
    const status = statuses[name] ?? 'not-run';
    const outcome: Outcome = { status: 'not-run', why: null, expectations: [], captured: {} };
    const finished = { type: 'block-finished' as const, at: clock(at + 10 * i + 9), name, duration_ms: 9000 };
    if (status === 'not-run') {
      events.push({ ...finished, outcome, output: null, duration_ms: 0 });
      continue;
    }
    events.push({ type: 'block-started', at: clock(at + 10 * i), name, attempt: 1 });
    if (status === 'begun') return events;
    if (status === 'could not run') {
      events.push({ ...finished, outcome, output: null });
      continue;
    }
    events.push({
      ...finished,
      outcome: { ...outcome, status },
      output: status === 'unknown' ? null : OUTPUT,
    });
  }
  const last = Object.values(statuses).at(-1);
  const status = last === 'passed' || last === 'failed' || last === 'unknown' ? last : 'aborted';
  events.push({ type: 'run-finished', at: clock(at + 60), status, why: null });
  return events;
}

const captured = { text: '', bytes: 0, truncated: false };
const OUTPUT = {
  kind: 'shell' as const,
  exitCode: 0,
  timedOut: false,
  interrupted: false,
  stdout: captured,
  stderr: captured,
  exports: {},
  durationMs: 9000,
};

export const EVERY = Object.fromEntries(Object.keys(TEXTS).map((name) => [name, 'passed' as const]));
export const UP_TO_MIGRATE = { look: 'passed', 'back-up': 'passed', stop: 'passed' } as const;
