import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { Effect } from './effect.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';

await loadModule();

/** One SQL statement of a block, as PostgreSQL's own parser delimits it. */
export interface Statement extends Place {
  /** The `--` comment above it, or else its own first words. */
  title: string;
  /** From its first word on, without the semicolon. */
  text: string;
  effect: Effect;
}

type Node = Record<string, unknown>;
interface RawStatement {
  stmt: Node;
  stmt_location?: number;
  stmt_len?: number;
}

/**
 * Splits `sql`, whose first character stands at `body`. What the parser refuses is reported, and gives none.
 */
export function splitStatements(sql: string, body: Place, report: Report): Statement[] {
  if (!/\S/.test(sql)) return [];
  try {
    const bytes = Buffer.from(sql);
    const { stmts = [] } = parseSync(sql) as { stmts?: RawStatement[] };
    return stmts.map((raw) => statementOf(raw, bytes, sql, body));
  } catch (error) {
    const offset = hasSqlDetails(error) ? error.sqlDetails.cursorPosition : 0;
    const at = placeIn(sql, codeUnits(sql, Math.max(0, offset)), body);
    const refused = /^\s*\\/m.test(sql) ? problems.psqlCommand : problems.sqlSyntax;
    report(refused(at, (error as Error).message));
    return [];
  }
}

function statementOf(raw: RawStatement, bytes: Buffer, sql: string, body: Place): Statement {
  const from = bytes.subarray(0, raw.stmt_location ?? 0).toString().length;
  const length = raw.stmt_len ?? bytes.length - (raw.stmt_location ?? 0);
  const whole = bytes.subarray(raw.stmt_location ?? 0, (raw.stmt_location ?? 0) + length).toString();
  const lead = /^(\s|--[^\n]*(?:\n|$)|\/\*.*?\*\/)*/s.exec(whole)?.[0] ?? '';
  const text = whole.slice(lead.length).trimEnd();
  return {
    title: titleOf(lead, text),
    text,
    effect: effectOf(raw.stmt),
    ...placeIn(sql, from + lead.length, body),
  };
}

/** The last run of `--` lines before the statement, as one sentence. */
function titleOf(lead: string, text: string): string {
  const lines = lead.trimEnd().split('\n');
  const comment: string[] = [];
  for (const line of lines.reverse()) {
    const said = /^\s*--+\s?(.*)$/.exec(line)?.[1];
    if (said === undefined) break;
    comment.unshift(said.trim());
  }
  const title = comment.join(' ').trim() || text.replaceAll(/\s+/g, ' ');
  return title.length > 80 ? `${title.slice(0, 79)}…` : title;
}

/**
 * The place in the document of a character of `text`, whose first line begins at `first` and whose others
 * begin in column `margin`.
 */
export function placeIn(text: string, offset: number, first: Place, margin = first.column): Place {
  const before = text.slice(0, offset).split('\n');
  const column = (before.length === 1 ? first.column : margin) + (before.at(-1) ?? '').length;
  return { line: first.line + before.length - 1, column };
}

/** PostgreSQL counts characters; JavaScript counts UTF-16 code units. */
export const codeUnits = (text: string, characters: number): number =>
  [...text].slice(0, characters).join('').length;

const READS = new Set([
  'SelectStmt',
  'VariableShowStmt',
  'VariableSetStmt',
  'TransactionStmt',
  'ExplainStmt',
]);
const DESTROYS = new Set([
  'DropStmt',
  'DropdbStmt',
  'DropRoleStmt',
  'DeleteStmt',
  'TruncateStmt',
  'DropOwnedStmt',
]);
const HIDDEN_WRITES = new Set(['InsertStmt', 'UpdateStmt', 'MergeStmt', 'intoClause', 'lockingClause']);

/**
 * What the statement's own words say; a function that it calls may do more, which a read-only transaction
 * stops.
 */
function effectOf(node: Node): Effect {
  const [kind = ''] = Object.keys(node);
  if (DESTROYS.has(kind) || mentions(node, DESTROYS)) return 'destroys';
  if (kind === 'AlterTableStmt' && JSON.stringify(node).includes('"AT_DropColumn"')) return 'destroys';
  return READS.has(kind) && !mentions(node, HIDDEN_WRITES) ? 'reads' : 'writes';
}

function mentions(value: unknown, kinds: Set<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => kinds.has(key) || mentions(inner, kinds));
}
