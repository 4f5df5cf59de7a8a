import { describe, expect, it } from 'vitest';
import { speaksOfRows } from '../../tools/expect/assertion.ts';
import { compileSentence } from '../../tools/expect/compile.ts';
import { judgeRows } from '../../tools/expect/judge-rows.ts';
import { SENTENCES } from '../../tools/expect/sentences.ts';
import type { Captured, HeldLock, Printed, Refusal, ResultSet } from '../../tools/expect/subject.ts';
import type { Verdict } from '../../tools/expect/verdict.ts';

type Cell = string | null;

/** What a shell left behind. */
type Shell = Printed & { exitCode: number };
type Subject = ResultSet | Shell | Refusal | { locks: HeldLock[] };

/** A result set of one type, e.g. `rows('int8', ['a', 'b'], ['1', '2'])`. */
const rows = (type: string, names: string[], ...cells: Cell[][]): ResultSet => ({
  columns: names.map((name) => ({ name, type })),
  rows: cells,
  rowCount: cells.length,
  truncated: false,
});

const touched = (rowCount: number): ResultSet => ({
  columns: [],
  rows: [],
  rowCount,
  truncated: false,
});
const captured = (text: string, bytes = text.length): Captured => ({
  text,
  bytes,
  truncated: bytes > text.length,
});
const printed = (stdout: string, stderr = '', exitCode = 0): Shell => ({
  exitCode,
  stdout: captured(stdout),
  stderr: captured(stderr),
});
/** A shell that printed more than was kept of it. */
const cut = (stream: 'stdout' | 'stderr', text: string): Shell => ({
  ...printed(''),
  [stream]: captured(text, 9_000_000),
});
const refused = (sqlstate: string, message: string): Refusal => ({ sqlstate, message });

/** Locks on one table, held for so many milliseconds. */
const locks = (...all: number[]) => ({ locks: all.map((ms) => ({ table: 'orders', mode: 'SHARE', ms })) });

const of = (text: string, ...subjects: Subject[]) => subjects.map((subject) => judged(text, subject));

function judged(text: string, subject: Subject): Verdict {
  const assertion = compileSentence(text)?.assertion;
  if (!assertion) throw new Error(`no rule reads “${text}”`);
  if (assertion.of === 'exit-status' && 'exitCode' in subject) return assertion.judge(subject.exitCode);
  if (assertion.of === 'printed' && 'stdout' in subject) return assertion.judge(subject);
  if (assertion.of === 'locks' && 'locks' in subject) return assertion.judge(subject.locks);
  if (assertion.of === 'refusal' && 'sqlstate' in subject) return assertion.judge(subject);
  if (speaksOfRows(assertion) && 'rows' in subject) return judgeRows(assertion, subject);
  throw new Error(`“${text}” speaks of something else`);
}

describe('every sentence', () => {
  it.each(SENTENCES.map((rule) => [rule.example, rule] as const))(
    '%s is read by its own rule',
    (example, rule) => {
      const { expression, of } = rule;
      expect(compileSentence(example)).toMatchObject({ expression, assertion: { of }, objection: null });
      expect(compileSentence(`  ${example}.`)?.expression).toBe(expression);
    },
  );
});

const one = (name: string, cell: Cell, type = 'text') => rows(type, [name], [cell]);
const names = (...all: string[]) => rows('name', ['name'], ...all.map((name) => [name]));
const ids = (count: number) => rows('int4', ['id'], ...Array.from({ length: count }, (_, i) => [String(i)]));
const views = ['v_period_timeline', 'v_entity_timeline_summary', 'v_crawl_effectiveness_ranking'];
const perTopic = (count: string, topic = 'AI Safety Research') =>
  rows('text', ['name', 'content_count'], ['Climate', '3'], [topic, count]);

/** For each example: subjects of which it is true, and subjects of which it is not. */
const TRUE_AND_FALSE: Record<string, [Subject[], Subject[]]> = {
  'no rows': [[ids(0), touched(0)], [ids(1)]],
  'at least 3 rows': [[ids(3), ids(4)], [ids(2)]],
  'at most 10 rows': [[ids(10), ids(0)], [ids(11)]],
  'touches 2 rows': [[touched(2)], [touched(1), touched(3)]],
  '2 extensions': [[ids(2)], [ids(1), ids(3)]],
  [`3 regular views (${views.join(', ')})`]: [
    [names(...views), names(...views.toReversed())],
    [
      names(...views.slice(1)),
      names(...views, 'v_more'),
      names('v_other', ...views.slice(1)),
      names(views[0] as string, views[0] as string, views[0] as string),
    ],
  ],
  'every content_count is at least 1': [
    [rows('int4', ['content_count'], ['1'], ['20'])],
    [
      rows('int4', ['content_count'], ['1'], ['0']),
      ids(1),
      rows('int4', ['content_count']),
      one('content_count', null),
      one('content_count', ''),
    ],
  ],
  'every content_count is at most 1': [
    [rows('int4', ['content_count'], ['1'], ['-20'])],
    [rows('int4', ['content_count'], ['1'], ['2']), one('content_count', ''), one('content_count', null)],
  ],
  'every last_period_id is not null': [
    [one('last_period_id', 'x')],
    [rows('uuid', ['last_period_id'], ['x'], [null]), rows('uuid', ['last_period_id'])],
  ],
  'every current_period_number is 0': [
    [rows('int4', ['current_period_number'], ['0'], ['0'])],
    [
      rows('int4', ['current_period_number'], ['0'], ['1']),
      rows('int4', ['current_period_number']),
      one('current_period_number', null, 'int4'),
      ids(1),
    ],
  ],
  "content_count is 247 where name is 'AI Safety Research'": [
    [perTopic('247')],
    [perTopic('248'), perTopic('247', 'Other'), ids(1)],
  ],
  'server_version_num is at least 140000': [
    [one('server_version_num', '140000')],
    [
      one('server_version_num', '130023'),
      one('server_version_num', 'x'),
      one('server_version_num', ''),
      one('server_version_num', null),
    ],
  ],
  'server_version_num is at most 140000': [
    [one('server_version_num', '140000')],
    [one('server_version_num', '150001'), one('server_version_num', ''), one('server_version_num', null)],
  ],
  'finished_at is not null': [
    [one('finished_at', '2025-01-15')],
    [one('finished_at', null), one('started_at', 'x'), rows('text', ['finished_at'], ['x'], ['y'])],
  ],
  'version_num is 20260301_0300': [
    [one('version_num', '20260301_0300')],
    [
      one('version_num', '20260301_0200'),
      one('version_num', null),
      one('version', '20260301_0300'),
      rows('text', ['version_num']),
      rows('text', ['version_num'], ['20260301_0300'], ['20260301_0300']),
    ],
  ],
  'topics_with_content equals topics_with_periods': [
    [rows('int8', ['topics_with_content', 'topics_with_periods'], ['3', '3'])],
    [
      rows('int8', ['topics_with_content', 'topics_with_periods'], ['3', '2']),
      rows('int8', ['topics_with_content', 'topics_with_periods'], ['3', null]),
      ids(1),
      one('topics_with_content', '3'),
    ],
  ],
  'fails with "23P01"': [
    [refused('23P01', 'conflicting key value')],
    [refused('23505', 'duplicate key value')],
  ],
  'exits 1': [[printed('', '', 1)], [printed(''), printed('', '', 2)]],
  'locks: at most 2 s': [
    [locks(), locks(2000), locks(50, 1999)],
    [locks(2001), locks(10, 60_000, 20)],
  ],
  'prints nothing': [
    [printed('', 'a warning'), cut('stderr', 'x')],
    [printed('\n'), printed('x'), cut('stdout', 'x')],
  ],
  'prints 5 lines': [
    [printed('1\n2\n3\n4\n5\n'), printed('1\n2\n3\n4\n5')],
    [printed('1\n2\n3\n4\n'), printed(''), cut('stdout', '1\n2\n3\n4\n5\n')],
  ],
  'does not print "ERROR"': [
    [printed('fine\n')],
    [printed('an ERROR\n'), printed('', 'ERROR'), cut('stdout', 'fine\n'), cut('stderr', 'fine\n')],
  ],
  'prints "healthy"': [
    [printed('is healthy\n'), cut('stdout', 'is healthy\n')],
    [printed('is ill\n'), printed('', 'healthy'), cut('stdout', 'is ill\n')],
  ],
  'complains "password authentication failed"': [
    [printed('', 'FATAL: password authentication failed for x')],
    [printed('password authentication failed'), cut('stderr', 'FATAL: too many')],
  ],
};

describe('is true of what makes it so, and of nothing else', () => {
  it('there are subjects for every sentence', () => {
    expect(Object.keys(TRUE_AND_FALSE).sort()).toEqual(SENTENCES.map(({ example }) => example).sort());
  });

  it.each(Object.entries(TRUE_AND_FALSE))('%s', (text, [good, bad]) => {
    expect(of(text, ...good).filter(({ passed }) => !passed)).toEqual([]);
    expect(of(text, ...bad).filter(({ passed }) => passed)).toEqual([]);
  });
});

describe('both sides are told', () => {
  it('names that are missing and names that are too many', () => {
    expect(of('2 tables (a, b)', names('a', 'c'))).toEqual([
      { passed: false, expected: '2 rows: a, b', actual: '2 rows: without b, with c' },
    ]);
  });

  it('the columns that there are, where one is missing', () => {
    expect(of('total is 3', rows('int4', ['a', 'b'], ['1', '2']))[0]?.actual).toBe(
      'no column total: there are a, b',
    );
  });

  it('the first rows that are wrong', () => {
    const result = rows('int4', ['n'], ['0'], ['1'], [null], ['3'], ['4']);
    expect(of('every n is 0', result)[0]?.actual).toBe('n is 1 in row 2, null in row 3, 3 in row 4, …');
  });

  it('the line that should not have been printed', () => {
    const [verdict] = of('does not print "ERROR"', printed('one\ntwo ERROR\nthree\n'));
    expect(verdict?.actual).toBe('two ERROR');
  });
});

describe('of what was not kept whole', () => {
  const all = Object.entries(TRUE_AND_FALSE).flatMap(([text, [good]]) =>
    good.map((one) => [text, one] as const),
  );
  const ofRows = all.filter((one): one is readonly [string, ResultSet] => 'rows' in one[1]);

  it.each(ofRows)('only a count is true: %s', (text, whole) => {
    // The rows that are there would make it true.
    const [verdict] = of(text, { ...whole, truncated: true });
    const subject = SENTENCES.find(({ example }) => example === text)?.of;
    const counts = subject === 'row-count' || subject === 'changed-rows';
    expect(verdict?.passed).toBe(counts);
    if (!counts) expect(verdict?.actual).toContain('more rows than can be compared');
  });

  it.each(['prints "ERROR"', 'does not print "ERROR"', 'prints 1 line'])(
    'it is said how much there was: %s',
    (text) => {
      expect(of(text, cut('stdout', 'fine\n'))).toMatchObject([
        {
          passed: false,
          actual: 'more than can be compared (9000000 bytes; the first 5 were kept): print less',
        },
      ]);
    },
  );

  it('the other stream need not be whole', () => {
    expect(of('prints 1 line', { ...cut('stderr', 'x'), stdout: captured('one\n') })[0]?.passed).toBe(true);
  });

  it('a long cell is shown by its beginning', () => {
    const actual = of('name is x', one('name', 'y'.repeat(5000)))[0]?.actual;
    expect(actual).toBe(`name is ${'y'.repeat(1000)}… (5000 characters)`);
  });
});

describe('no rule reads a condition that nobody would judge', () => {
  it.each([
    'x is not null where y is 3',
    'every x is not null or empty',
    'x is 3 or 4',
    'x is at least 3 where y is 2',
    'x is not',
    'x is',
    '',
    'more than 3 rows',
    '3',
    'prints "a" and "b"',
  ])('“%s”', (text) => {
    expect(compileSentence(text)).toBeNull();
  });

  it.each([
    '3 or more rows',
    '3 rows or none',
    'at least 3 rows and at most 5',
    '2 rows, at least 1 of them new',
    'every x is not empty',
    'x is not zero',
  ])('“%s” is objected to', (text) => {
    expect(compileSentence(text)?.objection).toEqual(expect.any(String));
  });
});
