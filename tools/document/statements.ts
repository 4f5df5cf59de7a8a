import { placeIn, placesIn } from '../text/place.ts';
import { type SqlStatement, SqlSyntaxError, splitSql } from '../text/sql.ts';
import type { Effect } from './effect.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';
import { changesRows, type ResultShape, resultShape, returnsRows } from './result-shape.ts';
import { type Leaves, leavesOf, type Standing, standingOf } from './standing.ts';
import { type TreeWords, treeWords } from './tree-words.ts';

/** One SQL statement of a block, as PostgreSQL's own parser delimits it. */
export interface Statement extends Place {
  /** The `--` comment above it, or else its own first words. */
  title: string;
  /** From its first word on, without the semicolon. */
  text: string;
  effect: Effect;
  standing: Standing;
  leaves: Leaves;
  /** What it gives whatever the data are; null where nothing can be told. */
  shape: ResultShape | null;
  /** Whether it gives rows, be they none. */
  returns: boolean;
  /** Whether its count is of rows that it changes. */
  changes: boolean;
}

/** Splits `sql`, whose first character stands at `body`. What the parser refuses is reported, and gives none. */
export function splitStatements(sql: string, body: Place, report: Report): Statement[] {
  try {
    const placeOf = placesIn(sql, body);
    return splitSql(sql).map((statement) => {
      const place = placeOf(statement.offset);
      const refused = refusalOf(statement.tree);
      if (refused) report(refused(place));
      return statementOf(statement, place);
    });
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    const refused = /^[ \t]*\\/m.test(sql) ? problems.psqlCommand : problems.sqlSyntax;
    report(refused(placeIn(sql, error.offset, body), error.message));
    return [];
  }
}

/** A COPY that is with the client has no file and no program; a block has nothing to read from, nor to print to. */
function refusalOf({ CopyStmt }: SqlStatement['tree']) {
  if (CopyStmt === undefined) return null;
  const { filename, is_from: takes } = CopyStmt as { filename?: string; is_from?: boolean };
  if (filename !== undefined) return null;
  return takes ? problems.copyFromClient : problems.copyToClient;
}

function statementOf({ text, lead, tree }: SqlStatement, place: Place): Statement {
  const words = treeWords(tree);
  return {
    title: titleOf(lead, text),
    text,
    effect: effectOf(tree, words),
    standing: standingOf(tree),
    leaves: leavesOf(tree, words),
    shape: resultShape(tree),
    returns: returnsRows(tree),
    changes: changesRows(tree),
    ...place,
  };
}

/** The last run of `--` lines before the statement, as one sentence. */
function titleOf(lead: string, text: string): string {
  const lines = lead.trimEnd().split('\n');
  const comment: string[] = [];
  for (const line of lines.reverse()) {
    const [dashes] = /^\s*--+/.exec(line) ?? [];
    if (dashes === undefined) break;
    comment.unshift(line.slice(dashes.length).trim());
  }
  const title = comment.join(' ').trim() || text.replaceAll(/\s+/g, ' ');
  return title.length > 80 ? `${title.slice(0, 79)}…` : title;
}

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
function effectOf(tree: SqlStatement['tree'], { keys, fields }: TreeWords): Effect {
  const [kind = ''] = Object.keys(tree);
  if (mentions(keys, DESTROYS) || (kind === 'AlterTableStmt' && fields.has('subtype:AT_DropColumn')))
    return 'destroys';
  return READS.has(kind) && !mentions(keys, HIDDEN_WRITES) ? 'reads' : 'writes';
}

const mentions = (keys: Set<string>, kinds: Set<string>) => [...kinds].some((kind) => keys.has(kind));
