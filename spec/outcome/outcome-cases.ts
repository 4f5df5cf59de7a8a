import type { Outcome } from '../../tools/outcome/outcome.ts';
import type { Output, ShellOutput, SqlOutput, StatementResult } from '../../tools/outcome/output.ts';

/** The lines of a runbook with one block, what the block gave, and what is to become of it. */
export interface OutcomeCase {
  name: string;
  lines: string[];
  output: Output;
  status: Outcome['status'];
  /** Whether the sentences about seeded data are judged; they are unless this says no. */
  examples?: false;
}

const stream = (text: string, truncated = false) => ({ text, bytes: text.length, truncated });

const shell = (stdout: string, more: Partial<ShellOutput> = {}): ShellOutput => ({
  ...{ kind: 'shell', exitCode: 0, timedOut: false, interrupted: false, exports: {}, durationMs: 1 },
  stdout: stream(stdout),
  stderr: stream(''),
  ...more,
});

const result = (more: Partial<StatementResult>): StatementResult => ({
  ...{ title: 'x', command: 'SELECT', columns: [], rows: [], truncated: false, durationMs: 1 },
  rowCount: more.rows?.length ?? 0,
  ...more,
});

const sql = (results: StatementResult[], more: Partial<SqlOutput> = {}): SqlOutput => ({
  ...{ kind: 'sql', refusal: null, timedOut: false, interrupted: false, durationMs: 1 },
  results,
  ...more,
});

const one = (n: string | null) => result({ columns: [{ name: 'n', type: 'int8' }], rows: [[n]] });
const refusal = (message: string) => ({ sqlstate: '42P01', message, hint: null, position: null });

const SHELL = ['```sh', 'ls', '```', ''];
const TWO = ['```sql', 'SELECT n FROM a;', 'SELECT n FROM b;', '```', ''];
const DDL = ['```sql', 'CREATE TABLE t (n int);', 'INSERT INTO t VALUES (1);', 'SELECT n FROM t;', '```', ''];
const DONE = [result({ command: 'CREATE TABLE' }), result({ command: 'INSERT', rowCount: 1 }), one('1')];
const expected = (...lines: string[]) => ['**Expected output:**', '', ...lines];
const text = (...lines: string[]) => expected('```text', ...lines, '```');

export const OUTCOMES: OutcomeCase[] = [
  { name: 'a shell that ends with 0', lines: SHELL, output: shell(''), status: 'passed' },
  {
    name: 'rows that a prepared statement returns, and has not changed',
    lines: ['```sql', 'EXECUTE one;', '```', '', ...expected('- touches 1 row')],
    output: sql([one('1')]),
    status: 'failed',
  },
  { name: 'and one that does not', lines: SHELL, output: shell('', { exitCode: 1 }), status: 'failed' },
  {
    name: 'a foreseen status',
    lines: [...SHELL, ...expected('- exits 3')],
    output: shell('', { exitCode: 3 }),
    status: 'passed',
  },
  {
    name: 'another than the foreseen status',
    lines: [...SHELL, ...expected('- exits 3')],
    output: shell(''),
    status: 'failed',
  },
  {
    name: 'one false sentence of two',
    lines: [...SHELL, ...expected('- prints "a"', '- prints "b"')],
    output: shell('a'),
    status: 'failed',
  },
  {
    name: 'time that ran out',
    lines: [...SHELL, ...expected('- prints "a"')],
    output: shell('a', { timedOut: true }),
    status: 'failed',
  },
  { name: 'an interrupted one', lines: SHELL, output: shell('', { interrupted: true }), status: 'failed' },
  {
    name: 'a number, alone',
    lines: [...SHELL, ...expected('- 4')],
    output: shell('4\n'),
    status: 'passed',
  },
  {
    name: 'a number, with more',
    lines: [...SHELL, ...expected('- 4')],
    output: shell('4 rows\n'),
    status: 'failed',
  },
  {
    name: 'rows of JSON',
    lines: [...SHELL, ...expected('- id is 9007199254740993')],
    output: shell('{"id": 9007199254740993}'),
    status: 'passed',
  },
  {
    name: 'rows of other JSON',
    lines: [...SHELL, ...expected('- id is 9007199254740993')],
    output: shell('{"id": 9007199254740992}'),
    status: 'failed',
  },
  {
    name: 'rows of no JSON',
    lines: [...SHELL, ...expected('- no rows')],
    output: shell('none'),
    status: 'failed',
  },
  {
    name: 'rows of JSON that was not kept whole',
    lines: [...SHELL, ...expected('- 1 row')],
    output: shell('', { stdout: stream('{"id": 1}', true) }),
    status: 'failed',
  },
  { name: 'a fence', lines: [...SHELL, ...text('a')], output: shell('a\n'), status: 'passed' },
  { name: 'another output', lines: [...SHELL, ...text('a')], output: shell('a\nb\n'), status: 'failed' },
  {
    name: 'a fence of what was not kept whole',
    lines: [...SHELL, ...text('a', '...')],
    output: shell('', { stdout: stream('a\n', true) }),
    status: 'failed',
  },
  {
    name: 'seeded data elsewhere',
    lines: [...SHELL, '**Example output:** prints "a"'],
    output: shell('b'),
    status: 'passed',
    examples: false,
  },
  {
    name: 'seeded data',
    lines: [...SHELL, '**Example output:** prints "a"'],
    output: shell('b'),
    status: 'failed',
  },
  {
    name: 'each bullet speaks of its own statement',
    lines: [...TWO, ...expected('- n is 1', '- n is 2')],
    output: sql([one('1'), one('2')]),
    status: 'passed',
  },
  {
    name: 'and of no other one',
    lines: [...TWO, ...expected('- n is 2', '- n is 1')],
    output: sql([one('1'), one('2')]),
    status: 'failed',
  },
  {
    name: 'a statement that did not run',
    lines: [...TWO, ...expected('- n is 1', '- n is 2')],
    output: sql([one('1')]),
    status: 'failed',
  },
  {
    name: 'a foreseen refusal',
    lines: [...TWO, ...expected('- n is 1', '- fails with "42P01"')],
    output: sql([one('1')], { refusal: refusal('no such table') }),
    status: 'passed',
  },
  {
    name: 'a refusal of another statement than the foreseen one',
    lines: [...TWO, ...expected('- fails with "42P01"')],
    output: sql([one('1')], { refusal: refusal('no such table') }),
    status: 'failed',
  },
  {
    name: 'an unforeseen refusal',
    lines: [...TWO, ...expected('- n is 1')],
    output: sql([one('1')], { refusal: refusal('no such table') }),
    status: 'failed',
  },
  {
    name: 'a success where a refusal is foreseen',
    lines: [...TWO, ...expected('- n is 1', '- fails with "42P01"')],
    output: sql([one('1'), one('1')]),
    status: 'failed',
  },
  {
    name: 'a transaction left open',
    lines: TWO,
    output: sql([one('1'), one('1')], { openTransaction: true }),
    status: 'failed',
  },
  {
    name: 'a row that was not read',
    lines: TWO,
    output: sql([{ ...one('1'), unreadBytes: 9 }, one('1')]),
    status: 'failed',
  },
  {
    name: 'a time that ran out where a refusal is foreseen',
    lines: [...TWO, ...expected('- n is 1', '- fails with "42P01"')],
    output: sql([one('1')], { timedOut: true }),
    status: 'failed',
  },
  {
    name: 'one that somebody else ended',
    lines: SHELL,
    output: shell('', { exitCode: 143 }),
    status: 'failed',
  },
  {
    name: 'two tables, with an empty line between them',
    lines: [...TWO, ...text(' n', '---', ' 1', '(1 row)', '', ' n', '---', ' 2', '(1 row)')],
    output: sql([one('1'), one('2')]),
    status: 'passed',
  },
  {
    name: 'a table less',
    lines: [...TWO, ...text(' n', '---', ' 1', '(1 row)')],
    output: sql([one('1'), one('2')]),
    status: 'failed',
  },
  {
    name: 'psql’s aligned text',
    lines: [...DDL, ...text(' n', '---', ' 1', '(1 row)')],
    output: sql(DONE),
    status: 'passed',
  },
  {
    name: 'psql’s unaligned text, with tags',
    lines: [...DDL, ...text('CREATE TABLE', 'INSERT 0 1', 'n', '1', '(1 row)')],
    output: sql(DONE),
    status: 'passed',
  },
  {
    name: 'a tag that counts more than one row',
    lines: [...DDL, ...text('CREATE TABLE', 'INSERT 0 2', 'n', '1', '(1 row)')],
    output: sql([result({ command: 'CREATE TABLE' }), result({ command: 'INSERT', rowCount: 2 }), one('1')]),
    status: 'passed',
  },
  {
    name: 'a fence that leaves the foreseen error to a sentence',
    lines: [...TWO, ...text('n', '1', '(1 row)'), '', ...expected('- n is 1', '- fails with "42P01"')],
    output: sql([one('1')], { refusal: refusal('no such table') }),
    status: 'passed',
  },
  {
    name: 'another tag',
    lines: [...DDL, ...text('CREATE TABLE', 'INSERT 0 2', 'n', '1', '(1 row)')],
    output: sql(DONE),
    status: 'failed',
  },
  {
    name: 'another cell',
    lines: [...DDL, ...text('n', '2', '(1 row)')],
    output: sql(DONE),
    status: 'failed',
  },
  {
    name: 'a table that was not kept whole',
    lines: [...DDL, ...text('n', '1', '...')],
    output: sql([...DONE.slice(0, 2), { ...one('1'), rowCount: 9, truncated: true }]),
    status: 'failed',
  },
  {
    name: 'a quoted error',
    lines: [...DDL, ...text('...', 'ERROR:  no such table')],
    output: sql(DONE.slice(0, 2), { refusal: refusal('no such table') }),
    status: 'passed',
  },
  {
    name: 'another error than the quoted one',
    lines: [...DDL, ...text('...', 'ERROR:  no such table')],
    output: sql(DONE.slice(0, 2), { refusal: refusal('no such view') }),
    status: 'failed',
  },
  {
    name: 'a quoted error that did not come',
    lines: [...DDL, ...text('...', 'ERROR:  no such table')],
    output: sql(DONE),
    status: 'failed',
  },
];
