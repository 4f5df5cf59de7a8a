import { expect, it } from 'vitest';
import { SqlSyntaxError, splitSql } from '../../tools/text/sql.ts';

it('each statement has the place of its first word, and what stands before it', () => {
  const sql = `-- ü 📊; a comment\nSELECT 'ü 📊';  /* and */ INSERT INTO t VALUES (1);\n`;
  const statements = splitSql(sql);
  expect(statements.map(({ text, lead, tree }) => ({ text, lead, kind: Object.keys(tree) }))).toEqual([
    { text: `SELECT 'ü 📊'`, lead: '-- ü 📊; a comment\n', kind: ['SelectStmt'] },
    { text: 'INSERT INTO t VALUES (1)', lead: '  /* and */ ', kind: ['InsertStmt'] },
  ]);
  for (const { text, offset } of statements) expect(sql.startsWith(text, offset)).toBe(true);
});

it.each(['', ' \n', '-- nothing yet\n', '/* nothing */'])('%j has no statements', (sql) => {
  expect(splitSql(sql)).toEqual([]);
});

it('what the parser refuses is said with its place, in UTF-16 units', () => {
  const sql = `SELECT '📊';\nSELEC 1;`;
  const refusal = (() => {
    try {
      return splitSql(sql);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(SqlSyntaxError);
  expect(refusal).toMatchObject({
    message: 'syntax error at or near "SELEC"',
    offset: sql.indexOf('SELEC 1'),
  });
});

const refusalOf = (sql: string) => {
  try {
    splitSql(sql);
  } catch (error) {
    return error as SqlSyntaxError;
  }
  throw new Error('it was not refused');
};

it('a long text that the parser stumbles over is cut in its message', () => {
  expect(refusalOf(`SELECT '${'a'.repeat(10_000)}`).message).toHaveLength(
    `unterminated quoted string at or near "${'a'.repeat(60)}…"`.length,
  );
});

it('comments in comments that would take the parser an hour are refused at once', () => {
  const sql = `SELECT 1; ${'/*'.repeat(500_000)}`;
  expect(refusalOf(sql)).toMatchObject({
    message: expect.stringContaining('more than 20,000 signs'),
    offset: 10,
  });
});
