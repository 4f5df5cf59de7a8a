import { describe, expect, it } from 'vitest';
import { compileSentence } from '../../tools/expect/compile.ts';
import { CONDITIONS } from '../../tools/expect/condition.ts';
import { jsonRows } from '../../tools/expect/json-rows.ts';
import { sentenceTable } from '../../tools/expect/language.ts';
import { QUANTITIES } from '../../tools/expect/quantity.ts';
import { SENTENCES } from '../../tools/expect/sentences.ts';
import type { ResultSet } from '../../tools/expect/subject.ts';
import { suggestSentence } from '../../tools/expect/suggest.ts';
import { EXAMPLES, FOUND, JSON_ROWS, NOUNS, OBJECTED, UNREAD } from './cases.ts';
import { library } from './judge-library.ts';
import { type Cell, captured, cut, judged, type Of, printed, rows } from './subjects.ts';

const of = (text: string, ...subjects: Of[]) => subjects.map((subject) => judged(library, text, subject));
const one = (name: string, cell: Cell, type = 'text') => rows(type, [name], [cell]);
const names = (...all: string[]) => rows('name', ['name'], ...all.map((name) => [name]));

describe('every sentence', () => {
  it.each(SENTENCES.flatMap((rule) => rule.examples.map((example) => [example, rule] as const)))(
    '%s is read by its own rule',
    (example, rule) => {
      const { expression, of } = rule;
      expect(compileSentence(example)).toMatchObject({ expression, assertion: { of }, objection: null });
      expect(compileSentence(`  ${example}.`)?.expression).toBe(expression);
      const capital = example.slice(0, 1).toUpperCase() + example.slice(1);
      expect(compileSentence(capital)?.assertion.of).toBe(of);
    },
  );

  it('stands in the table of docs/language.md, and nothing stands there twice', () => {
    const rows = sentenceTable().split('\n').slice(2);
    for (const { means } of SENTENCES) expect(rows.filter((row) => row.includes(means))).toHaveLength(1);
    expect(rows).toHaveLength(SENTENCES.length + QUANTITIES.length + CONDITIONS.length);
  });
});

const ALL = [...EXAMPLES, ...FOUND].flatMap(([texts, good, bad]) =>
  texts.map((text) => [text, good, bad] as const),
);

describe('is true of what makes it so, and of nothing else', () => {
  it('there are subjects for every way to write every sentence', () => {
    const examples = [
      ...SENTENCES.flatMap((sentence) => sentence.examples),
      ...QUANTITIES.flatMap((quantity) => quantity.examples.map((one) => `${one} rows`)),
      ...CONDITIONS.flatMap((condition) => condition.examples.map((one) => `n ${one}`)),
    ];
    const spoken = new Set(EXAMPLES.flatMap(([texts]) => texts));
    expect(examples.filter((one) => !spoken.has(one))).toEqual([]);
  });

  it.each(ALL)('%s', (text, good, bad) => {
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
  const all = EXAMPLES.flatMap(([[text = ''], good]) => good.map((one) => [text, one] as const));
  const ofRows = all.filter((one): one is readonly [string, ResultSet] => 'rows' in one[1]);

  it.each(ofRows)('only a count is true: %s', (text, whole) => {
    // The rows that are there would make it true.
    const [verdict] = of(text, { ...whole, truncated: true });
    const subject = compileSentence(text)?.assertion.of;
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
          actual:
            'more than can be compared (9000000 bytes, of which only the beginning was kept): print less',
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
  it.each(UNREAD)('“%s”', (text) => {
    expect(compileSentence(text)).toBeNull();
  });

  it.each(NOUNS)('“%s” says only how many of what', (text) => {
    expect(compileSentence(text)?.assertion.of).toBe('row-count');
  });

  it.each(OBJECTED)('“%s” is objected to', (text) => {
    expect(compileSentence(text)?.objection).toEqual(expect.any(String));
  });
});

describe('what no rule reads is answered with a sentence of the same subject', () => {
  it.each([
    ['prints ok', 'prints "ok"'],
    ['Prints: ready', 'prints "ready"'],
    ['does not contain errors', 'does not print "errors"'],
    ['contains foo', 'contains "foo"'],
    ['complains of x', 'complains "x"'],
    ['fails with ERROR', 'fails with "ERROR"'],
    ['ERROR:  relation "x" does not exist', `fails with 'relation "x" does not exist'`],
    ['exited with code 3', 'exits 3'],
    ['INSERT 0 1', 'touches 1 row'],
    ['2 rows with no errors', '2 rows where errors is 0'],
    ['1 row: version is right', '1 row” and “version is right'],
    ['3 rows: x, y, z', '3 rows (x, y, z)'],
    ['3 rows or more', '3 or more rows'],
    ['at least 3 rows and at most 5', 'between 3 and 5 rows'],
    ['3 rows failed', '3 rows where status is failed'],
    ['2 users active', '2 users'],
    ['n=4', 'n = 4'],
    ['n ≥ 4', 'n >= 4'],
    ['n should be 4', 'n is 4'],
    ['status is all good', 'status is "all good"'],
    ['ids is {1, 2, 3} where name is a', 'ids is "{1, 2, 3}" where name is a'],
    ['My Count is 3', '"My Count" is 3'],
    ['prints "a" and "b"', 'prints "a"” and “prints "b"'],
    ['prints no "ERROR"', 'does not print "ERROR"'],
    ['prints "ok" on stderr', 'complains "ok"'],
    ['prints "a" twice', 'prints "healthy"'],
    ['the output is empty', 'prints nothing'],
    ['succeeds', 'exits 0'],
    ['fails with SQLSTATE 23505', 'fails with "23505"'],
    ['ERROR:  23505: duplicate key', 'fails with "23505"'],
    ['2-5 rows', 'between 2 and 5 rows'],
    ['from 2 to 5 rows', 'between 2 and 5 rows'],
    ['~250 rows', 'about 250 rows'],
    ['≥ 3 rows', 'at least 3 rows'],
    ['3+ rows', 'at least 3 rows'],
    ['no more than 3 rows', 'at most 3 rows'],
    ['no fewer than 3 rows', 'at least 3 rows'],
    ['a row', '1 row'],
    ['1.234.567 rows', '1,234,567 rows'],
    ['n is 1 234 567', 'n is 1,234,567'],
    ['3\u00a0rows', '3 rows'],
    ['n is not fai\u200bled', 'n is not failed'],
    ['status is not “failed”', 'status is not "failed"'],
    ['status is not ‘failed’', "status is not 'failed'"],
    ['status is not failed!', 'status is not failed'],
    ['✅ n is 4', 'n is 4'],
    ['n isn’t 3', 'n is not 3'],
    ['n is at least three', 'n is at least 3'],
    ['n is 4 and m is 5', 'n is 4” and “m is 5'],
    ['n is 4 or 5', 'n matches /^(4|5)$/'],
    ['n in (1, 2)', 'n matches /^(1|2)$/'],
    ['n starts with "a.b"', 'n matches /^a\\.b/'],
    ["n is like 'a%'", 'n matches /^a/'],
    ['a, b, c', '3 rows (a, b, c)'],
    ['3 rows [a, b, c]', '3 rows (a, b, c)'],
    ['3 rows where n between 1 and 5', '3 rows where n is between 1 and 5'],
    ['3 rows whose name is a', '3 rows where name is a'],
    ['4 tables with "period" in name', '4 tables where name contains "period"'],
    ['3 rows with a name', '3 rows where name is not null'],
    ['3 rows where n is 3 and m is 4', null],
    ['every row has status ok', 'every status is ok'],
    ['every status is ok or done', 'every status matches /^(ok|done)$/'],
    ['no status is failed', 'no rows where status is failed'],
    ['some status is ok', 'at least 1 row where status is ok'],
    ['count(*) is 3', 'count is 3'],
    ['returns true', 'n is true'],
    ['n is the same as m', 'n equals m'],
    ['2 pods in CrashLoopBackOff', '2 pods'],
    ['x'.repeat(1000), null],
  ])('%s: %s', (text, suggestion) => {
    expect(compileSentence(text)).toBeNull();
    expect(suggestSentence(text)).toBe(suggestion);
  });

  it('tells a cell that holds the word null from one that holds nothing', () => {
    expect(of('name is null', one('name', 'null'))[0]).toEqual({
      passed: false,
      expected: 'name is null',
      actual: 'name is "null"',
    });
  });

  it('and of what the block has: SQL prints nothing', () => {
    expect(suggestSentence('prints ok', (of) => of !== 'printed' && of !== 'exit-status')).toBeNull();
  });
});

it.each(JSON_ROWS)('of a shell that prints %j, “%s” is %s', (output, text, truth) => {
  const found = jsonRows(output);
  expect(found !== null && judged(library, text, found).passed).toBe(truth);
});
