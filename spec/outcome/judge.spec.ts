import { describe, expect, it } from 'vitest';
import { judge, outcomeNotRun } from '../../tools/outcome/judge.ts';
import type { Output, ShellOutput, SqlOutput, StatementResult } from '../../tools/outcome/output.ts';
import { blockOf } from '../support/document.ts';

const captured = (text: string, truncated = false) => ({ text, bytes: text.length, truncated });

const shell = (stdout: string, more: Partial<ShellOutput> = {}): Output => ({
  kind: 'shell',
  exitCode: 0,
  timedOut: false,
  interrupted: false,
  stdout: captured(stdout),
  stderr: captured(''),
  exports: {},
  durationMs: 1,
  ...more,
});

const result = (name: string, type: string, ...cells: (string | null)[]): StatementResult => ({
  title: name,
  command: 'SELECT',
  columns: [{ name, type }],
  rows: cells.map((cell) => [cell]),
  rowCount: cells.length,
  truncated: false,
  durationMs: 1,
});

const sql = (results: StatementResult[], refusal: SqlOutput['refusal'] = null): Output => ({
  kind: 'sql',
  results,
  refusal,
  timedOut: false,
  interrupted: false,
  durationMs: 1,
});

const refusal = (sqlstate: string, message: string, position: number | null = null) => ({
  sqlstate,
  message,
  hint: null,
  position,
});

const replica = { examples: true };
const GREET = ['```sh { name=greet }', 'echo hello', '```', ''];
const COUNT = [
  '```sql { name=count }',
  '-- first',
  'SELECT 1 AS a;',
  '',
  '-- second',
  'SELECT 2 AS b;',
  '```',
  '',
];

describe('what a shell left running', () => {
  const left = [
    { pid: 7, command: 'sleep 60' },
    { pid: 8, command: 'node server.js' },
  ];

  it('fails its block, and is named', () => {
    const { status, why } = judge(blockOf(...GREET), shell('', { left }), replica);
    expect(status).toBe('failed');
    expect(why?.message).toMatch(
      /still prints to its output: sleep 60 \(process 7\), node server\.js \(process 8\): wait for it/,
    );
  });

  it('is what a block in the background is for', () => {
    const block = blockOf('```sh { name=serve background=true }', 'serve', '```');
    expect(judge(block, shell('', { left }), replica).status).toBe('passed');
  });
});

it('an export that no later block could be given fails its block, and is named', () => {
  const { status, why } = judge(blockOf(...GREET), shell('', { unreadable: ['FILE'] }), replica);
  expect(status).toBe('failed');
  expect(why?.message).toMatch(/^it exports FILE with bytes that are no UTF-8/);
});

describe('a shell', () => {
  const block = blockOf(...GREET, '**Expected output:**', '- prints "hello"', '- exits 3');

  it('passes where every sentence is true', () => {
    expect(judge(block, shell('hello\n', { exitCode: 3 }), replica)).toMatchObject({
      status: 'passed',
      why: null,
      expectations: [
        { text: 'prints "hello"', line: 6, status: 'passed' },
        { text: 'exits 3', line: 7, status: 'passed' },
      ],
    });
  });

  it('fails at the line of the sentence that is false, and judges the others all the same', () => {
    expect(judge(block, shell('bye\n', { exitCode: 3 }), replica)).toMatchObject({
      status: 'failed',
      why: null,
      expectations: [{ status: 'failed', line: 6, actual: 'bye' }, { status: 'passed' }],
    });
  });

  it('must end with 0 where nothing else is said, and its last complaint says why it did not', () => {
    const output = shell('', { exitCode: 2, stderr: captured('one\nrunbook.md: line 2: no such thing\n') });
    expect(judge(blockOf(...GREET), output, replica)).toMatchObject({
      status: 'failed',
      why: { message: 'exit status 2: runbook.md: line 2: no such thing', line: 1 },
    });
  });

  it('that ran out of time has failed, whatever it printed', () => {
    const output = shell('hello\n', { exitCode: 143, timedOut: true });
    const short = blockOf(
      '```sh { name=greet timeout=90s }',
      'echo hello',
      '```',
      '',
      '**Expected:** exits 143',
    );
    expect(judge(short, output, replica)).toMatchObject({
      status: 'failed',
      why: { message: 'not done within its timeout of 90 s' },
    });
  });

  it('that printed JSON has rows', () => {
    const json = blockOf(...GREET, '**Expected output:**', '- total is 3', '- 1 row');
    expect(judge(json, shell('{"total":3}\n'), replica).status).toBe('passed');
    expect(judge(json, shell('total: 3\n'), replica).expectations[0]).toMatchObject({
      status: 'failed',
      actual: 'the output is no JSON, so it has no rows',
    });
  });

  it('that was ended by the run may have the status of it in the background, and only there', () => {
    const background = blockOf('```sh { name=watch background=true }', 'sleep 1000', '```');
    const ended = { exitCode: 143, interrupted: true };
    expect(judge(background, shell('', ended), replica).status).toBe('passed');
    expect(judge(background, shell('', { ...ended, exitCode: 137 }), replica).status).toBe('passed');
    // By somebody else: the run had not ended it.
    expect(judge(background, shell('', { exitCode: 143 }), replica)).toMatchObject({
      status: 'failed',
      why: { message: 'exit status 143' },
    });
    expect(judge(background, shell('', { ...ended, exitCode: 3 }), replica).status).toBe('failed');
    expect(judge(blockOf(...GREET), shell('', { exitCode: 143 }), replica)).toMatchObject({
      status: 'failed',
      why: { message: 'exit status 143' },
    });
    expect(judge(blockOf(...GREET), shell('', ended), replica)).toMatchObject({
      status: 'failed',
      why: { message: 'interrupted' },
    });
  });

  it('whose output is cut off has no rows, though what is left of it be JSON', () => {
    const json = blockOf(...GREET, '**Expected output:**', '- 1 row', '- no rows');
    const cut = shell('', { stdout: captured('{"total":3}\n', true) });
    expect(judge(json, cut, replica).expectations).toMatchObject([
      { status: 'failed', actual: expect.stringContaining('more than can be compared') },
      { status: 'failed' },
    ]);
  });

  it('whose output is cut off is not said to lack what may have been cut', () => {
    const quiet = blockOf(...GREET, '**Expected output:** does not print "ERROR"');
    expect(judge(quiet, shell('fine\n'), replica).status).toBe('passed');
    expect(judge(quiet, shell('', { stdout: captured('fine\n', true) }), replica).status).toBe('failed');
  });
});

describe('an output fence', () => {
  const block = blockOf(...GREET, '**Expected output:**', '', '```text', '...', 'n=<count>', 'end', '```');

  it('is one expectation, named by its first line that says something', () => {
    expect(judge(block, shell('a\nb\nn=12\nend\n'), replica)).toMatchObject({
      status: 'passed',
      captured: { count: '12' },
      expectations: [{ text: 'output: n=<count>', line: 8, status: 'passed' }],
    });
  });

  it('fails at the line of the fence that does not fit', () => {
    const { status, expectations } = judge(block, shell('n=12\nstop\n'), replica);
    expect([status, expectations[0]?.line]).toEqual(['failed', 10]);
    expect(expectations[0]?.lines).toEqual([
      { expected: 'n=<count>', actual: 'n=12', same: true },
      { expected: 'end', actual: 'stop', same: false },
    ]);
  });

  it('is never true of an output that is cut off', () => {
    const any = blockOf(...GREET, '**Expected output:**', '', '```text', 'hello', '...', '```');
    expect(judge(any, shell('', { stdout: captured('hello\nx\n', true) }), replica).status).toBe('failed');
  });

  it('compares rows as psql prints them', () => {
    const table = ['```text', ' a', '---', ' 1', '(1 row)', '', ' b', '---', ' 2', '(1 row)', '```'];
    const output = sql([result('a', 'int4', '1'), result('b', 'int4', '2')]);
    expect(judge(blockOf(...COUNT, '**Expected output:**', '', ...table), output, replica).status).toBe(
      'passed',
    );
  });
});

describe('SQL', () => {
  const block = blockOf(...COUNT, '**Expected output:**', '- a is 1', '  - 1 row', '- b is 2');
  const [first, second] = [result('a', 'int4', '1'), result('b', 'int4', '2')];

  it('is judged statement by statement, bullets inside a bullet with it', () => {
    expect(judge(block, sql([first, second]), replica).status).toBe('passed');
    const { expectations } = judge(block, sql([second, first]), replica);
    expect(expectations.map(({ status }) => status)).toEqual(['failed', 'passed', 'failed']);
  });

  it('that is refused fails where the parser points to, and what was to come is not judged', () => {
    const outcome = judge(block, sql([first], refusal('42703', 'column "b" does not exist', 8)), replica);
    expect(outcome).toMatchObject({
      status: 'failed',
      why: { message: '42703: column "b" does not exist', line: 6, column: 8 },
    });
    expect(outcome.expectations.map(({ status }) => status)).toEqual(['passed', 'passed', 'not-run']);
  });

  it('that should be refused fails where it is not, or is with something else', () => {
    const refused = blockOf(
      '```sql { name=r }',
      'DELETE FROM t;',
      '```',
      '',
      '**Expected:** fails with "23503"',
    );
    const deleted = { ...result('t', 'int4'), columns: [], command: 'DELETE' };
    expect(judge(refused, sql([], refusal('23503', 'violates')), replica).status).toBe('passed');
    expect(judge(refused, sql([], refusal('42501', 'denied')), replica).status).toBe('failed');
    expect(judge(refused, sql([deleted]), replica).expectations[0]?.actual).toBe('it succeeds (DELETE)');
  });

  it('that is refused as expected leaves no later expectation unjudged', () => {
    const late = blockOf(...COUNT, '**Expected:**', '- fails with "23503"', '- b is 2');
    expect(judge(late, sql([], refusal('23503', 'violates')), replica)).toMatchObject({
      status: 'failed',
      expectations: [
        { status: 'passed' },
        { status: 'failed', actual: 'the statement did not run, or failed' },
      ],
    });
  });
});

describe('SQL that did not end by itself', () => {
  const block = blockOf(...COUNT, '**Expected:**', '- a is 1', '- fails with "57014"');
  const first = result('a', 'int4', '1');

  it('has failed where its time ran out, whatever is expected of the statement', () => {
    const output = { ...sql([first]), timedOut: true };
    expect(judge(block, output, replica)).toMatchObject({
      status: 'failed',
      why: { message: 'not done within its timeout of 600 s' },
      expectations: [{ status: 'passed' }, { status: 'failed', actual: 'the statement did not run' }],
    });
  });

  it('has failed where it was interrupted, except in the background', () => {
    const output = { ...sql([first]), interrupted: true };
    expect(judge(block, output, replica)).toMatchObject({
      status: 'failed',
      why: { message: 'interrupted' },
    });
    const lines = ['```sql { name=hold background=true }', 'SELECT pg_sleep(1000)', '```'];
    expect(judge(blockOf(...lines), { ...sql([]), interrupted: true }, replica).status).toBe('passed');
  });
});

describe('a refusal that is expected', () => {
  const block = blockOf(...COUNT, '**Expected:**', '- 1 row', '- fails with "23503"');
  const [first, second] = [result('a', 'int4', '1'), result('b', 'int4', '2')];
  const violates = refusal('23503', 'violates');

  it('is that of its own statement', () => {
    expect(judge(block, sql([first], violates), replica).status).toBe('passed');
    expect(judge(block, sql([first, second]), replica).status).toBe('failed');
  });

  it('is not that of another, which says why the block failed', () => {
    expect(judge(block, sql([], violates), replica)).toMatchObject({
      status: 'failed',
      why: { message: '23503: violates', line: 3 },
      expectations: [{ status: 'not-run' }, { status: 'failed', actual: 'the statement did not run' }],
    });
  });
});

describe('a result set that was not kept whole', () => {
  const block = blockOf(...COUNT, '**Expected:**', '- every a is 1', '  - 3 rows', '  - a is 1', '- b is 2');
  const cut = { ...result('a', 'int4', '1', '1'), rowCount: 3, truncated: true };
  const second = result('b', 'int4', '2');

  it('makes only true what its count says', () => {
    const { expectations } = judge(block, sql([cut, second]), replica);
    const actual = 'more rows than can be compared (3 rows; the first 2 were kept): narrow the query';
    expect(expectations).toMatchObject([
      { status: 'failed', expected: 'every a is 1', actual },
      { status: 'passed', actual: '3 rows' },
      { status: 'failed', actual },
      { status: 'passed' },
    ]);
  });

  it('is judged as it was when its rows came', () => {
    const verdicts = { 'every a is 1': { passed: true, expected: 'every a is 1', actual: 'in 3 rows' } };
    const { expectations } = judge(block, sql([{ ...cut, verdicts }, second]), replica);
    expect(expectations.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed', 'passed']);
  });

  it('does not fit a fence, though every kept line of it does', () => {
    const fence = ['```text', ' a', '---', ' 1', ' 1', '(3 rows)', '```'];
    const fenced = blockOf(...COUNT, '**Expected output:**', '', ...fence);
    expect(judge(fenced, sql([cut]), replica).expectations).toMatchObject([{ status: 'failed' }]);
  });

  it('does not fill memory where one cell makes every line long', () => {
    const long = 'x'.repeat(3_000_000);
    const cells = [long, long, long, ...Array.from({ length: 4998 }, () => 'y')];
    const wide = result('a', 'text', ...cells);
    wide.columns.push({ name: 'b', type: 'text' });
    const fenced = blockOf(...COUNT, '**Expected output:**', '', '```text', '...', '(5001 rows)', '```');
    expect(judge(fenced, sql([wide]), replica).expectations).toMatchObject([
      {
        status: 'failed',
        actual: expect.stringMatching(/^more rows than can be compared \(5001 rows; the first 2 /),
      },
    ]);
  });
});

describe('an example', () => {
  const block = blockOf(...GREET, '**Example output:** exits 3');

  it('is judged on a replica', () => {
    expect(judge(block, shell('', { exitCode: 3 }), replica).status).toBe('passed');
    expect(judge(block, shell(''), replica).status).toBe('failed');
  });

  it('is not judged elsewhere, and excuses nothing there', () => {
    const elsewhere = { examples: false };
    expect(judge(block, shell(''), elsewhere)).toMatchObject({
      status: 'passed',
      expectations: [{ status: 'not-run', actual: 'it speaks of the seeded data' }],
    });
    expect(judge(block, shell('', { exitCode: 3 }), elsewhere).status).toBe('failed');
  });
});

it('a block that was not tried says why, and so does each of its expectations', () => {
  const block = blockOf(...GREET, '**Expected output:** prints "hello"');
  expect(outcomeNotRun(block, 'an earlier block failed')).toMatchObject({
    status: 'not-run',
    why: { message: 'an earlier block failed', line: 1 },
    expectations: [{ text: 'prints "hello"', status: 'not-run', actual: 'an earlier block failed' }],
  });
});
