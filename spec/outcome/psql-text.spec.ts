import { describe, expect, it } from 'vitest';
import { judge } from '../../tools/outcome/judge.ts';
import type { SqlOutput, StatementResult } from '../../tools/outcome/output.ts';
import { psqlTable } from '../../tools/outcome/table.ts';
import { blockOf } from '../support/document.ts';

const result = (more: Partial<StatementResult>): StatementResult => ({
  title: 'x',
  command: 'SELECT',
  columns: [],
  rows: [],
  rowCount: more.rows?.length ?? 0,
  truncated: false,
  durationMs: 1,
  ...more,
});

const SQL = [
  '```sql',
  'CREATE TABLE t (n int);',
  'INSERT INTO t VALUES (1);',
  'SELECT n, name FROM t;',
  '```',
  '',
];

const ROWS = result({
  columns: [
    { name: 'n', type: 'int4' },
    { name: 'name', type: 'text' },
  ],
  rows: [
    ['1', 'a b'],
    ['20', null],
  ],
});
const RESULTS = [result({ command: 'CREATE TABLE' }), result({ command: 'INSERT', rowCount: 1 }), ROWS];

const output = (results: StatementResult[], message?: string): SqlOutput => ({
  kind: 'sql',
  results,
  refusal: message ? { sqlstate: '42P01', message, hint: null, position: null } : null,
  timedOut: false,
  interrupted: false,
  durationMs: 1,
});

const outcome = (fence: string[], ran: SqlOutput) =>
  judge(blockOf(...SQL, '**Expected output:**', '', ...fence), ran, { examples: true });

const text = (...lines: string[]) => ['```text', ...lines, '```'];

describe('a fence behind SQL reads what psql prints', () => {
  it.each([
    ['aligned', [' n  | name', '----+------', '  1 | a b', ' 20 |', '(2 rows)']],
    [
      'with psql’s blanks at the ends of lines',
      [' n  | name ', '----+------', '  1 | a b', ' 20 | ', '(2 rows)'],
    ],
    ['unaligned', ['n|name', '1|a b', '20|', '(2 rows)']],
    ['with command tags', ['CREATE TABLE', 'INSERT 0 1', 'n|name', '1|a b', '20|', '(2 rows)']],
    ['with a gap', ['CREATE TABLE', '...', '20|', '(2 rows)']],
  ])('%s', (_, lines) => {
    expect(outcome(text(...lines), output(RESULTS)).status).toBe('passed');
  });

  it('cells of more than one line', () => {
    const columns = ['n', 'v', 'z', 'last'].map((name) => ({ name, type: name === 'n' ? 'int4' : 'text' }));
    const rows = [
      ['10', 'a\nbcd\n', 'x', 'p\n\nq'],
      ['2', 'b', null, 'r'],
    ];
    const ran = output([...RESULTS.slice(0, 2), result({ columns, rows })]);
    // As psql 14 printed it.
    const printed = [
      ' n  |  v  | z | last ',
      '----+-----+---+------',
      ' 10 | a  +| x | p   +',
      '    | bcd+|   |     +',
      '    |     |   | q',
      '  2 | b   |   | r',
      '(2 rows)',
    ];
    expect(outcome(text(...printed), ran).status).toBe('passed');
  });

  it('a table is bounded by all the lines of its cells', () => {
    const columns = ['a', 'b'].map((name) => ({ name, type: 'text' }));
    const row = (width: number) => ['\n'.repeat(300_000), 'x'.repeat(width)];
    expect(psqlTable(result({ columns, rows: [row(1), row(1), row(1)] })).rows).toBe(3);
    expect(psqlTable(result({ columns, rows: [['', ''], row(1000)] })).rows).toBe(1);
  });

  it.each([
    ['another cell', ['n|name', '1|a c', '20|', '(2 rows)']],
    ['another count', ['INSERT 0 2', '...']],
    ['another command', ['CREATE VIEW', '...']],
    ['a missing line', ['n|name', '1|a b', '(2 rows)']],
    ['tags of some statements only', ['INSERT 0 1', 'n|name', '1|a b', '20|', '(2 rows)']],
    ['an error that did not come', ['CREATE TABLE', 'INSERT 0 1', '...', 'ERROR:  no']],
  ])('%s is a difference', (_, lines) => {
    expect(outcome(text(...lines), output(RESULTS)).status).toBe('failed');
  });

  it('an error that is foreseen, whatever blanks stand in it', () => {
    const refused = output(RESULTS.slice(0, 2), 'relation "t" does not exist');
    for (const line of ['ERROR:  relation "t" does not exist', 'ERROR: relation * (glob)']) {
      expect(outcome(text('CREATE TABLE', 'INSERT 0 1', line), refused)).toMatchObject({
        status: 'passed',
        why: null,
      });
    }
    expect(outcome(text('...', 'ERROR: another'), refused).status).toBe('failed');
    expect(outcome(text('CREATE TABLE', 'INSERT 0 1'), refused)).toMatchObject({
      status: 'failed',
      why: { message: '42P01: relation "t" does not exist' },
    });
  });

  it('INSERT, UPDATE and what returns nothing, alone', () => {
    const block = blockOf(
      '```sql',
      'UPDATE t SET n = 2;',
      '```',
      '',
      '**Expected output:**',
      '',
      ...text('UPDATE 3'),
    );
    const ran = (rowCount: number) => output([result({ command: 'UPDATE', rowCount })]);
    expect(judge(block, ran(3), { examples: true }).status).toBe('passed');
    expect(judge(block, ran(2), { examples: true }).status).toBe('failed');
  });
});

describe('a Markdown table speaks of the rows of the next statement that returns some', () => {
  const table = (...lines: string[]) => ['| n | name |', '| --- | --- |', ...lines];

  it.each([
    ['cell by cell', table('| 1 | a b |', '| 20 | |')],
    ['with null by name', table('| 1 | "a b" |', '| 20 | null |')],
    ['with any cell', table('| 1 | ... |', '| ... | null |')],
    ['with any rows', table('| ... | ... |', '| 20 | null |')],
    ['with any rows, of which there are none', table('| 1 | a b |', '| ... | ... |', '| 20 | null |')],
    ['of some of the columns', ['| name |', '| --- |', '| a b |', '| |']],
  ])('%s', (_, fence) => {
    expect(outcome(fence, output(RESULTS)).expectations).toMatchObject([{ status: 'passed' }]);
  });

  it.each([
    ['another cell', table('| 1 | a c |', '| 20 | |'), 'row 1 is 1, a b'],
    ['another order', table('| 20 | |', '| 1 | a b |'), 'row 1 is 1, a b'],
    ['a row less', table('| 1 | a b |'), 'row 2 is 20, null'],
    ['a row more', table('| 1 | a b |', '| 20 | |', '| 21 | |'), '2 rows, and then no more'],
    ['no value where there is one', table('| 1 | |', '| 20 | |'), 'row 1 is 1, a b'],
    ['a word for null', table('| 1 | a b |', '| 20 | "null" |'), 'row 2 is 20, null'],
    ['no row', table(), 'row 1 is 1, a b'],
    [
      'a column that is not there',
      ['| m |', '| --- |', '| ... |', '| 1 |'],
      'no column m: there are n, name',
    ],
  ])('%s is a difference', (_, fence, actual) => {
    expect(outcome(fence, output(RESULTS)).expectations).toMatchObject([{ status: 'failed', actual }]);
  });

  it('also of a shell’s JSON', () => {
    const block = blockOf('```sh', 'ps', '```', '', '**Expected output:**', '', ...table('| 1 | a |'));
    const printed = (stdout: string) =>
      judge(
        block,
        {
          ...{ kind: 'shell', exitCode: 0, timedOut: false, interrupted: false, exports: {}, durationMs: 1 },
          stdout: { text: stdout, bytes: stdout.length, truncated: false },
          stderr: { text: '', bytes: 0, truncated: false },
        },
        { examples: true },
      ).status;
    expect(printed('{"n": 1, "name": "a", "more": true}')).toBe('passed');
    expect(printed('{"n": 2, "name": "a"}')).toBe('failed');
  });
});

describe('a json fence is part of what is printed', () => {
  const judged = (fence: string, stdout: string) => {
    const block = blockOf('```sh', 'curl x', '```', '', '**Expected output:**', '', '```json', fence, '```');
    const shell = { exitCode: 0, timedOut: false, interrupted: false, exports: {}, durationMs: 1 };
    const stream = (all: string) => ({ text: all, bytes: all.length, truncated: false });
    return judge(
      block,
      { kind: 'shell', ...shell, stdout: stream(stdout), stderr: stream('') },
      { examples: true },
    ).status;
  };

  it.each([
    ['{"a": 1}', '{"b": 2, "a": 1.0}'],
    ['{"a": ..., "b": [1, ...]}', '{"a": null, "b": [1, 2, 3]}'],
    ['{"a": 1, ...}', '{"a": 1}'],
    ['[..., {"id": 3}, ...]', '[{"id": 1}, {"id": 3, "x": 1}]'],
    ['[]', '[]'],
    ['{"id": 9007199254740993}', '{"id": 9007199254740993}'],
    ['[{"a": 1}, {"a": 2}]', '{"a": 1}\n{"a": 2}\n'],
    ['{"say": "a ... b"}', '{"say": "a ... b"}'],
    ['4', '4\n'],
    ['{"a": {"b": [..., 2]}}', '{"a": {"b": [2], "c": 1}}'],
  ])('%s of %s', (fence, stdout) => {
    expect(judged(fence, stdout)).toBe('passed');
  });

  it.each([
    ['{"a": 1}', '{"a": 2}'],
    ['{"a": 1}', '{"a": "1"}'],
    ['{"a": ...}', '{"b": 1}'],
    ['{"a": null}', '{}'],
    ['[1, ...]', '[2, 1]'],
    ['[1, 2]', '[1, 2, 3]'],
    ['[..., 2]', '[1, 2, 3]'],
    ['[]', '[1]'],
    ['{"id": 9007199254740993}', '{"id": 9007199254740992}'],
    ['{"a": 1}', 'a: 1'],
    ['{"a": 1}', '{"a": 1} and more'],
    ['{"a": 1}', '{"a": 1}\n{"a": 1}'],
    ['{"a": [1]}', '{"a": 1}'],
    ['{"a": 1}', '[{"a": 1}]'],
    ['[{"a": 1}]', '{"a": 1}'],
    ['[1]', '[[1]]'],
  ])('%s of no %s', (fence, stdout) => {
    expect(judged(fence, stdout)).toBe('failed');
  });

  it.each([
    [
      'the JSON in the only cell',
      '{"a": 1}',
      result({ columns: [{ name: 'j', type: 'jsonb' }], rows: [['{"a": 1, "b": 2}']] }),
    ],
    ['or the only row', '{"n": 1}', { ...ROWS, rows: ROWS.rows.slice(0, 1), rowCount: 1 }],
    ['or the rows', '[{"n": 1, "name": "a b"}, {"n": 20, "name": null}]', ROWS],
  ])('of SQL, %s', (_, fence, one) => {
    const ran = output([...RESULTS.slice(0, 2), one]);
    expect(outcome(['```json', fence, '```'], ran).expectations).toMatchObject([{ status: 'passed' }]);
    expect(outcome(['```json', fence.replace('1', '2'), '```'], ran).expectations).toMatchObject([
      { status: 'failed' },
    ]);
  });
});
