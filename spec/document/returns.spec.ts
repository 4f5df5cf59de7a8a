import { expect, it } from 'vitest';
import { sqlBlockOf } from '../support/document.ts';

/** The index of the statement that a table behind these statements speaks of. */
function spokenOf(...sql: string[]): number | null | undefined {
  const { expectations } = sqlBlockOf(
    '```sql',
    ...sql,
    '```',
    '**Expected output:**',
    '',
    '| n |',
    '| --- |',
    '| 1 |',
  );
  const [first] = expectations;
  return first?.kind === 'sentences' ? first.sentences[0]?.statement : undefined;
}

it.each([
  ["INSERT INTO words VALUES ('returning')"],
  ['-- returning home\nUPDATE words SET word = word /* returning */'],
  ['WITH old AS (DELETE FROM words RETURNING word) INSERT INTO gone SELECT word FROM old'],
  ['WITH one AS (SELECT 1) DELETE FROM words'],
  ['SELECT 1 AS n INTO one'],
  ['SELECT 1 AS n INTO one UNION SELECT 2'],
  ['MOVE NEXT FROM words'],
  ['CREATE TABLE one AS SELECT 1'],
])('a table speaks of what stands below %s, which gives no rows', (sql) => {
  expect(spokenOf(`${sql};`, 'SELECT 1 AS n;')).toBe(1);
});

it.each([
  ['SELECT 1 AS n'],
  ['(SELECT 1 AS n) UNION (SELECT 1)'],
  ['WITH one AS (SELECT 1 AS n) SELECT n FROM one'],
  ['/* at last */ VALUES (1)'],
  ['TABLE words'],
  ['SHOW port'],
  ['EXPLAIN SELECT 1'],
  ['FETCH NEXT FROM words'],
  ['DELETE FROM words RETURNING 1 AS n'],
  ['INSERT INTO words SELECT 1 RETURNING 1 AS n'],
])('a table speaks of %s, which gives rows', (sql) => {
  expect(spokenOf(`${sql};`, 'SELECT 1 AS n;')).toBe(0);
});
