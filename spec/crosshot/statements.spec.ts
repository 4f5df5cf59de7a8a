import { expect, test } from 'vitest';
import { statementsOf } from '../../tools/crosshot/statements.ts';

test('statements are split by the parser, each at the place of its first word', async () => {
  const sql = `-- a title; with a semicolon
SELECT 'it''s; ü 📊';   SELECT 2;
/* a; comment */ -- and another
  CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
`;
  expect(await statementsOf(sql, 'some.sql')).toEqual([
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

test('a file of comments has no statements', async () => {
  expect(await statementsOf('-- nothing yet\n', 'some.sql')).toEqual([]);
});
