import type { SqlStatement } from './sql.ts';

/**
 * The statements of a text, in order; a text of comments has none. Throws SqlSyntaxError where the parser refuses it,
 * which is loaded when it is first asked: that takes longer than most programs need for all that they do.
 */
export async function splitSql(sql: string): Promise<SqlStatement[]> {
  const parser = await import('./sql.ts');
  return parser.splitSql(sql);
}
