import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statementsOf } from '../../tools/crosshot/statements.ts';
import { placeIn } from '../../tools/text/place.ts';
import { splitSql } from '../../tools/text/sql.ts';

test('statements are split, each at the place of its first word', () => {
  const sql = `-- a title; with a semicolon
SELECT 'it''s; ü 📊';   SELECT 2;
/* a; comment */ -- and another
  CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
`;
  expect(statementsOf(sql, 'some.sql')).toEqual([
    { file: 'some.sql', line: 2, column: 1, text: `SELECT 'it''s; ü 📊'` },
    { file: 'some.sql', line: 2, column: 25, text: 'SELECT 2' },
    {
      file: 'some.sql',
      line: 4,
      column: 3,
      text: 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$',
    },
  ]);
});

test('a file of comments has no statements', () => {
  expect(statementsOf('-- nothing yet\n', 'some.sql')).toEqual([]);
});

const files = readdirSync('sql', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.sql'),
);

test.each(files)('%s is split as PostgreSQL’s own parser does', async (file) => {
  const sql = readFileSync(join('sql', file), 'utf8');
  const parsed = splitSql(sql).map(({ text, offset }) => ({
    text,
    ...placeIn(sql, offset, { line: 1, column: 1 }),
  }));
  expect(statementsOf(sql, file)).toEqual(parsed.map((statement) => ({ file, ...statement })));
});
