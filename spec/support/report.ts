import type { ExpectationOutcome } from '../../tools/outcome/outcome.ts';
import type { BlockReport, RunReport } from '../../tools/report/report.ts';

/** A report's block that passed in 40 ms, but for what `more` says. */
export const blockReport = (name: string, more: Partial<BlockReport> = {}): BlockReport => ({
  name,
  section: 'step-1',
  heading: 'Step 1: Greet',
  line: 7,
  language: 'sh',
  on: 'local',
  effect: 'writes',
  key: null,
  done: null,
  text: 'echo hello\n',
  budget_ms: null,
  carried: null,
  status: 'passed',
  why: null,
  exit_code: 0,
  duration_ms: 40,
  statements: [],
  expectations: [],
  effects: null,
  stdout: '',
  stderr: '',
  files: [],
  ...more,
});

/** An expectation that is true, but for what `more` says. */
export const expectationOutcome = (more: Partial<ExpectationOutcome> = {}): ExpectationOutcome => ({
  text: 'prints "hello"',
  line: 11,
  status: 'passed',
  expected: 'prints “hello”',
  actual: 'hello',
  ...more,
});

/** A report of these blocks: passed, but for what `more` says. */
export const runReport = (blocks: BlockReport[], more: Partial<RunReport> = {}): RunReport => ({
  id: '20260301-020000-abcd',
  runbook: { path: 'runbook.md', title: 'Move the shop', sha256: 'e3b0c44298fc1c149afb' },
  target: { name: 'replica-1', kind: 'embedded', server_version: '14.23' },
  identity: null,
  bytes: null,
  data: null,
  rehearsed: null,
  resumes: null,
  procedure: 'main',
  part: false,
  status: 'passed',
  why: null,
  started_at: '2026-03-01T02:00:00.000Z',
  finished_at: '2026-03-01T02:01:05.000Z',
  downtime: null,
  beside: null,
  phases: {},
  questions: [],
  exports: {},
  blocks,
  probes: [],
  unjudged: { blocks: 0, claims: 0, items: 0 },
  totals: {
    blocks: blocks.length,
    blocks_passed: blocks.filter(({ status }) => status === 'passed').length,
    blocks_failed: blocks.filter(({ status }) => status === 'failed').length,
    expectations: 0,
    expectations_passed: 0,
    expectations_failed: 0,
    duration_ms: 65_000,
    command_ms: 40,
  },
  ...more,
});
