import type { BlockFinished, Event, RunStarted } from '../../tools/journal/event.ts';

export const at = '2026-03-01T02:00:00.000Z';

/** The beginning of a run of main of a shop's runbook here, which nothing vouches for, but for what `more` says. */
export const runStarted = (more: Partial<RunStarted> = {}): RunStarted => ({
  type: 'run-started',
  format: 2,
  at,
  id: 'x',
  runbook: { path: 'runbook.md', title: 'Shop', sha256: '00' },
  target: { name: 'here', kind: 'embedded', server_version: null },
  identity: null,
  bytes: null,
  data: null,
  rehearsed: null,
  expected_ms: {},
  procedure: 'main',
  blocks: [],
  resumes: null,
  ...more,
});

/** That a block of shell has passed, which left nothing. */
export const finished = (name: string): BlockFinished => ({
  type: 'block-finished',
  at,
  name,
  outcome: { status: 'passed', why: null, expectations: [], captured: {} },
  output: null,
  duration_ms: 40,
});

const facts = {
  section: 'step-1',
  heading: 'Step 1: All',
  line: 9,
  on: 'local',
  effect: 'writes',
  key: null,
  done: null,
  text: 'true\n',
  budget_ms: [1000, 2000] as [number, number],
};

/** The events of a run that failed, with every kind of event and of output; its first block printed `text`. */
export const eventsOfEveryKind = (text: string): Event[] => [
  runStarted({
    target: { name: 'here', kind: 'embedded', server_version: '14.23' },
    blocks: [
      { ...facts, name: 'greet', language: 'sh', expectations: [{ text: 'prints "hello"', line: 13 }] },
      { ...facts, name: 'count', language: 'sql', expectations: [{ text: '1 row', line: 23 }] },
    ],
  }),
  { type: 'phase-finished', at, phase: 'start', duration_ms: 1000 },
  { type: 'question-answered', at, text: 'Everybody knows.', line: 3, answer: 'assumed' },
  { type: 'block-started', at, name: 'greet', attempt: 1 },
  {
    type: 'block-finished',
    at,
    name: 'greet',
    outcome: {
      status: 'passed',
      why: null,
      expectations: [
        {
          ...{
            text: 'prints "hello"',
            line: 13,
            status: 'passed',
            expected: 'prints “hello”',
            actual: 'hello',
          },
          lines: [{ expected: 'hello', actual: 'hello', same: true }],
        },
      ],
      captured: { count: '12' },
    },
    output: {
      kind: 'shell',
      exitCode: 0,
      timedOut: false,
      interrupted: false,
      stdout: { text, bytes: text.length, truncated: false },
      stderr: { text: '', bytes: 0, truncated: false },
      exports: { BACKUP: 'backups/x.dump' },
      durationMs: 12,
    },
    duration_ms: 15,
  },
  { type: 'block-started', at, name: 'count', attempt: 1 },
  {
    type: 'block-finished',
    at,
    name: 'count',
    outcome: {
      status: 'failed',
      why: { message: '42P01: relation "x" does not exist', line: 20, column: 15 },
      expectations: [{ text: '1 row', line: 23, status: 'not-run', expected: '1 row', actual: 'it failed' }],
      captured: {},
    },
    output: {
      kind: 'sql',
      results: [
        {
          ...{ title: 'Count', command: 'SELECT', rowCount: 1, truncated: false, durationMs: 2 },
          columns: [{ name: 'n', type: 'int8' }],
          rows: [['1'], [null]],
        },
      ],
      refusal: { sqlstate: '42P01', message: 'relation "x" does not exist', hint: null, position: 15 },
      timedOut: false,
      interrupted: false,
      durationMs: 12,
    },
    duration_ms: 15,
  },
  { type: 'run-finished', at, status: 'failed', why: null },
];
