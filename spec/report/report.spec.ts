import { describe, expect, it } from 'vitest';
import type { BlockFinished, Event } from '../../tools/journal/event.ts';
import { foldReport } from '../../tools/report/report.ts';
import { runStarted } from '../support/events.ts';
import { expectationOutcome } from '../support/report.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 2, 0, seconds)).toISOString();

const facts = (name: string) => ({
  name,
  section: 'step-1',
  heading: 'Step 1: Count',
  line: 7,
  language: 'sql',
  on: 'postgres',
  effect: 'reads',
  key: null,
  done: null,
  text: 'SELECT 1;\n',
  budget_ms: [1000, 5000] as [number, number],
  expectations: [{ text: 'orders is 3', line: 11 }],
});

const started = runStarted({
  at: at(0),
  target: { name: 'here', kind: 'embedded', server_version: '14.23' },
  blocks: [facts('count'), facts('late')],
});

const counted: BlockFinished = {
  type: 'block-finished',
  at: at(3),
  name: 'count',
  outcome: {
    status: 'passed',
    why: null,
    expectations: [expectationOutcome({ text: 'orders is 3' })],
    captured: { n: '3' },
  },
  output: {
    kind: 'sql',
    results: [
      {
        title: 'All orders',
        command: 'SELECT',
        columns: [{ name: 'orders', type: 'int8' }],
        rows: [['3']],
        rowCount: 1,
        truncated: false,
        durationMs: 1.26,
      },
    ],
    refusal: null,
    timedOut: false,
    interrupted: false,
    durationMs: 2,
  },
  duration_ms: 2000.4,
};

describe('report.json', () => {
  const report = foldReport([
    started,
    { type: 'phase-finished', at: at(1), phase: 'seed', duration_ms: 900 },
    { type: 'question-answered', at: at(1), text: 'Everybody knows.', line: 3, answer: 'assumed' },
    counted,
    { type: 'run-finished', at: at(4), status: 'failed', why: 'the answer was no' },
    { type: 'phase-finished', at: at(5), phase: 'stop', duration_ms: 700 },
  ]);

  it('is of the form that is promised', () => {
    expect(report).toMatchObject({
      runbook: started.runbook,
      target: started.target,
      identity: null,
      procedure: 'main',
      status: 'failed',
      why: 'the answer was no',
      started_at: at(0),
      finished_at: at(4),
      phases: { seed: 900, stop: 700 },
      questions: [{ text: 'Everybody knows.', line: 3, answer: 'assumed' }],
      exports: { n: '3' },
    });
    expect(report.blocks[0]).toEqual({
      ...facts('count'),
      carried: null,
      status: 'passed',
      why: null,
      exit_code: 0,
      duration_ms: 2000,
      effects: null,
      statements: [{ title: 'All orders', row_count: 1, duration_ms: 1.3 }],
      expectations: [expectationOutcome({ text: 'orders is 3' })],
      stdout: ' orders\n--------\n      3\n(1 row)\n',
      stderr: '',
      files: [],
    });
  });

  it('says of a block that was never reached that it was not run', () => {
    expect(report.blocks[1]).toMatchObject({
      status: 'not-run',
      exit_code: null,
      duration_ms: null,
      expectations: [
        { text: 'orders is 3', line: 11, status: 'not-run', actual: 'the run did not get here' },
      ],
    });
  });

  it('adds up', () => {
    expect(report.totals).toEqual({
      blocks: 2,
      blocks_passed: 1,
      blocks_failed: 0,
      expectations: 2,
      expectations_passed: 1,
      expectations_failed: 0,
      duration_ms: 5000,
      command_ms: 2000,
    });
  });
});

it('counts the blocks that nothing proves: neither an expectation nor a probe that runs behind them', () => {
  const block = (name: string, line: number, done: string | null, expects: boolean) => ({
    ...facts(name),
    ...{ line, done, expectations: expects ? [{ text: 'orders is 3', line: line + 1 }] : [] },
  });
  const countedOf = (...blocks: ReturnType<typeof block>[]) =>
    foldReport([runStarted({ at: at(0), blocks })]).unjudged.blocks;
  const [pack, packed] = [block('pack', 7, 'packed', false), block('packed', 9, null, true)];
  expect(countedOf(pack, packed, { ...pack, name: 'pack-2' }, { ...packed, name: 'packed-2' })).toBe(0);
  expect(countedOf(pack, packed, { ...pack, name: 'pack-2' })).toBe(1);
  expect(countedOf(pack)).toBe(1);
  expect(countedOf(packed, pack)).toBe(1);
  expect(countedOf(block('pack', 7, null, false), packed)).toBe(1);
});

it('a run that never finished counts as aborted', () => {
  const events: Event[] = [started, counted];
  expect(foldReport(events)).toMatchObject({
    status: 'aborted',
    why: expect.stringContaining('its process was killed'),
    finished_at: null,
  });
});

it.each([
  ['embedded', 'embedded'],
  ['docker', 'docker'],
  ['host', 'nas'],
] as const)('the kind of target that a journal calls %s is %s in report.json', (kind, told) => {
  const target = { name: 'shop', kind, server_version: null };
  expect(foldReport([runStarted({ target })]).target).toEqual({ ...target, kind: told });
});
