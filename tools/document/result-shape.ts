import type { SqlStatement } from '../text/sql.ts';
import { wordsIn } from '../text/words.ts';

/** What a statement gives whatever the data are, as far as its syntax tree tells. */
export interface ResultShape {
  /** How many rows, at least and at most. */
  rows: [least: number, most: number];
  /** Why it can be no other number; null where the bounds say nothing. */
  why: string | null;
  /** Null where a `*` hides them. */
  columns: ColumnShape[] | null;
}

export interface ColumnShape {
  name: string;
  type: string;
  /** Some of what can stand in it, the extremes among them. */
  values: (string | null)[];
}

type Tree = Record<string, unknown>;

/** Null where nothing can be told. */
export function resultShape(tree: SqlStatement['tree']): ResultShape | null {
  const [kind, node] = rootOf(tree);
  if (kind === 'SelectStmt') return shapeOfSelect(node);
  if (kind === 'VariableShowStmt') return node.name === 'all' ? null : { ...ONE_SETTING };
  return RETURNS_NOTHING.test(kind)
    ? { rows: [0, 0], why: 'this statement returns no rows and touches none', columns: [] }
    : null;
}

/**
 * Whether a statement gives rows: a MOVE gives none of a cursor's, nor does a query whose rows go INTO a table. Of EXECUTE and
 * CALL that cannot be told, and they count as giving none.
 */
export function returnsRows(tree: SqlStatement['tree']): boolean {
  const [kind, node] = rootOf(tree);
  if (kind === 'FetchStmt') return node.ismove !== true;
  if (kind === 'SelectStmt') return leftmost(node).intoClause === undefined;
  return kind === 'VariableShowStmt' || kind === 'ExplainStmt' || listOf(node.returningList).length > 0;
}

/** Whether a statement's count is of rows that it changed; of EXECUTE that cannot be told, and it counts as doing so. */
export function changesRows(tree: SqlStatement['tree']): boolean {
  const [kind, node] = rootOf(tree);
  return CHANGES_ROWS.test(kind) || (kind === 'SelectStmt' && !returnsRows({ SelectStmt: node }));
}

const CHANGES_ROWS = /^(?:Insert|Update|Delete|Merge|Copy|CreateTableAs|Execute)Stmt$/;

/** The first query of a UNION, whose INTO is that of them all. */
function leftmost(select: Tree): Tree {
  let first = select;
  while (first.larg !== undefined) first = first.larg as Tree;
  return first;
}

const ONE_SETTING: ResultShape = { rows: [1, 1], why: 'SHOW returns one row', columns: null };

/** Definitions and settings. CREATE TABLE … AS is none of them: its tag tells how many rows it has made. */
const RETURNS_NOTHING =
  /^(Create(?!TableAs)\w*|Alter\w*|Drop\w*|Rename|Index|View|Grant\w*|Comment|Truncate|Vacuum|Reindex|Cluster|RefreshMatView|VariableSet|Transaction|Lock|Do|Discard|Define|Rule|Notify|Listen|Unlisten|CheckPoint|ConstraintsSet|Load|Rename|Createdb|ReassignOwned|SecLabel|ImportForeignSchema)Stmt$/;

/** What the queries that a WITH names give, by their names. */
type Named = ReadonlyMap<string, ResultShape>;

function shapeOfSelect(select: Tree, outer: Named = new Map()): ResultShape {
  const targets = listOf(select.targetList).map((one) => nodeOf(one, 'ResTarget'));
  const [rows, why] = limited(select, rowsOf(select, targets, namedBy(select, outer)));
  const hidden = select.op !== 'SETOP_NONE' || select.valuesLists !== undefined || targets.some(isStar);
  return { rows, why, columns: hidden ? null : targets.map(columnOf) };
}

/** Of a WITH, what its queries give that only read; one that calls itself is none of them. */
function namedBy({ withClause }: Tree, outer: Named): Named {
  const { ctes, recursive } = (withClause ?? {}) as { ctes?: unknown; recursive?: boolean };
  const named = new Map(outer);
  for (const one of listOf(ctes)) {
    const { ctename, ctequery } = nodeOf(one, 'CommonTableExpr');
    const [kind, query] = rootOf(ctequery);
    if (kind === 'SelectStmt' && !recursive) named.set(String(ctename), shapeOfSelect(query, named));
    else named.delete(String(ctename));
  }
  return named;
}

/** The only thing that a query selects from, where that is a query of one row. */
function isOfOneRow({ fromClause, whereClause }: Tree, named: Named): boolean {
  const [from, ...others] = listOf(fromClause);
  if (others.length > 0 || whereClause !== undefined) return false;
  const [kind, node] = rootOf(from);
  const inner =
    kind === 'RangeSubselect'
      ? shapeOfSelect(nodeOf(node.subquery, 'SelectStmt'), named)
      : kind === 'RangeVar' && node.schemaname === undefined
        ? named.get(String(node.relname))
        : undefined;
  return inner?.rows[0] === 1 && inner.rows[1] === 1;
}

type Rows = [rows: [number, number], why: string | null];

const UNBOUNDED: Rows = [[0, Number.POSITIVE_INFINITY], null];

function rowsOf(select: Tree, targets: Tree[], named: Named): Rows {
  if (select.op !== 'SETOP_NONE') return UNBOUNDED;
  const values = listOf(select.valuesLists).length;
  if (values > 0) return [[values, values], `VALUES has ${values} of them`];
  const calls = [...targets, select.havingClause].flatMap(callsIn);
  if (calls.some((call) => !isAggregate(call) && !isScalar(call))) return UNBOUNDED;
  if (select.groupClause !== undefined) return UNBOUNDED;
  const least = select.havingClause === undefined ? 1 : 0;
  if (calls.some(isAggregate))
    return [[least, 1], 'an aggregate without GROUP BY gives one row, of no rows too'];
  if (isOfOneRow(select, named)) return [[least, 1], 'what it selects from has one row'];
  if (select.fromClause !== undefined || select.havingClause !== undefined) return UNBOUNDED;
  return [[select.whereClause === undefined ? 1 : 0, 1], 'without FROM, there is one row'];
}

function limited({ limitCount, limitOffset }: Tree, [[least, most], why]: Rows): Rows {
  if (limitCount === undefined && limitOffset === undefined) return [[least, most], why];
  const limit = constant(limitCount);
  if (limitOffset !== undefined || limit === null) return [[0, Math.min(most, limit ?? most)], why];
  const words = limit < most ? `LIMIT ${limit} lets no more through` : why;
  return [[Math.min(least, limit), Math.min(most, limit)], words];
}

/** A whole number that stands there as such. */
function constant(value: unknown): number | null {
  const { ival, isnull } = nodeOf(value, 'A_Const') as { ival?: { ival?: number }; isnull?: boolean };
  return ival === undefined || isnull ? null : (ival.ival ?? 0);
}

const COUNTS = ['0', '1', '2', '3', '10', '247', '20000', '9223372036854775807'];

/** Of what is not known: whatever a cell can be, and no value. */
const UNKNOWN = [null, '', '0', '-1', '1', '1000000000000', 'f', 't', 'x\ny', '{"a":1}'];

function columnOf({ name, val }: Tree): ColumnShape {
  const [type, values] = domainOf(val) ?? ['text', UNKNOWN];
  return { name: typeof name === 'string' ? name : nameOf(val), type, values };
}

/** The type and the values of an expression; null where they are not known. */
function domainOf(value: unknown): Domain | null {
  const [kind, node] = rootOf(value);
  if (kind === 'FuncCall') return functionName(node) === 'count' ? ['int8', COUNTS] : null;
  if (kind === 'CoalesceExpr') return ofNoNull(listOf(node.args)[0]);
  if (kind === 'A_Const') return constantDomain(node);
  if (kind === 'A_Expr') return COMPARES.has(stringOf(listOf(node.name)[0]) ?? '') ? comparison(node) : null;
  if (kind === 'TypeCast') return cast(typeName(node), ofNoNull(node.arg));
  if (kind !== 'SubLink') return null;
  if (node.subLinkType === 'EXISTS_SUBLINK') return ['bool', ['t', 'f']];
  const sub = nodeOf(node.subselect, 'SelectStmt');
  const shape = node.subLinkType === 'EXPR_SUBLINK' ? shapeOfSelect(sub) : null;
  const [only, ...others] = shape?.columns ?? [];
  if (!only || others.length > 0 || shape?.rows[0] !== 1 || only.values === UNKNOWN) return null;
  return [only.type, only.values];
}

type Domain = [type: string, values: (string | null)[]];

/** What is written in the query itself. */
function constantDomain({ ival, fval, sval, boolval, isnull }: Tree): Domain | null {
  if (isnull === true) return ['text', [null]];
  if (ival !== undefined) return ['int4', [String((ival as { ival?: number }).ival ?? 0)]];
  if (fval !== undefined) return ['numeric', [(fval as { fval: string }).fval]];
  if (boolval !== undefined) return ['bool', [(boolval as { boolval?: boolean }).boolval ? 't' : 'f']];
  return sval === undefined ? null : ['text', [(sval as { sval?: string }).sval ?? '']];
}

const COMPARES = new Set(['=', '<>', '<', '>', '<=', '>=']);

/** Of two values that are there, a comparison is true or false. */
const comparison = ({ lexpr, rexpr }: Tree): Domain | null =>
  ofNoNull(lexpr) && ofNoNull(rexpr) ? ['bool', ['t', 'f']] : null;

/** As a number or as a text, what is there stays what it is. */
function cast(to: string, domain: Domain | null): Domain | null {
  if (!domain || domain[0] === 'bool') return null;
  if (/^(?:int[248]|numeric)$/.test(to)) return isNumeric(domain[0]) ? [to, domain[1]] : null;
  return /^(?:text|varchar)$/.test(to) ? ['text', domain[1]] : null;
}

const isNumeric = (type: string) => /^(?:int[248]|numeric)$/.test(type);

const ofNoNull = (value: unknown) => {
  const domain = domainOf(value);
  return domain && !domain[1].includes(null) ? domain : null;
};

/** What PostgreSQL calls a column that nobody names. */
function nameOf(value: unknown): string {
  const [kind, node] = rootOf(value);
  switch (kind) {
    case 'FuncCall':
      return functionName(node);
    case 'ColumnRef':
      return stringOf(listOf(node.fields).at(-1)) ?? '?column?';
    case 'CoalesceExpr':
      return 'coalesce';
    case 'TypeCast': {
      const inner = nameOf(node.arg);
      return inner === '?column?' ? typeName(node) : inner;
    }
    case 'SubLink':
      return nameOfSubLink(node);
    default:
      return '?column?';
  }
}

function nameOfSubLink({ subLinkType, subselect }: Tree): string {
  if (subLinkType === 'EXISTS_SUBLINK') return 'exists';
  if (subLinkType === 'ARRAY_SUBLINK') return 'array';
  const [target] = listOf(nodeOf(subselect, 'SelectStmt').targetList);
  const { name, val } = nodeOf(target, 'ResTarget');
  return subLinkType === 'EXPR_SUBLINK' ? (typeof name === 'string' ? name : nameOf(val)) : '?column?';
}

const isStar = ({ val }: Tree): boolean =>
  listOf(nodeOf(val, 'ColumnRef').fields).some((field) => rootOf(field)[0] === 'A_Star');

const AGGREGATES = new Set(
  wordsIn(`
  count sum avg min max bool_and bool_or every bit_and bit_or array_agg string_agg json_agg jsonb_agg
  json_object_agg jsonb_object_agg xmlagg stddev stddev_pop stddev_samp variance var_pop var_samp corr mode
  percentile_cont percentile_disc range_agg
`),
);

/** Functions that give one value for one, so that they change nothing in how many rows there are. */
const SCALARS = new Set(
  wordsIn(`
  now current_setting current_database version pg_size_pretty pg_database_size pg_relation_size
  pg_total_relation_size round abs ceil ceiling floor trunc mod length char_length lower upper trim btrim
  left right substr substring concat concat_ws format replace to_char to_json to_jsonb date_trunc date_part
  extract age md5 array_length cardinality array_to_string pg_is_in_recovery to_regclass
  has_database_privilege has_table_privilege has_schema_privilege pg_backend_pid json_build_object
  jsonb_build_object txid_current pg_current_xact_id timezone position
`),
);

const functionName = ({ funcname }: Tree): string => stringOf(listOf(funcname).at(-1)) ?? '';

const isAggregate = (call: Tree): boolean =>
  call.over === undefined &&
  (AGGREGATES.has(functionName(call)) || call.agg_star === true || call.agg_within_group === true);

const isScalar = (call: Tree): boolean => call.over !== undefined || SCALARS.has(functionName(call));

/** The calls of functions in an expression; what a subquery calls is its own affair. */
function callsIn(value: unknown): Tree[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(callsIn);
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'SubLink') return [];
    return [...(key === 'FuncCall' ? [inner as Tree] : []), ...callsIn(inner)];
  });
}

const typeName = ({ typeName: type }: Tree): string =>
  stringOf(listOf((type as Tree | undefined)?.names).at(-1)) ?? '';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const nodeOf = (value: unknown, kind: string): Tree =>
  ((value as Record<string, Tree | undefined> | undefined)?.[kind] ?? {}) as Tree;

const stringOf = (value: unknown): string | undefined => nodeOf(value, 'String').sval as string | undefined;

function rootOf(value: unknown): [kind: string, node: Tree] {
  const [kind = '', node] = Object.entries((value ?? {}) as Tree)[0] ?? [];
  return [kind, (node ?? {}) as Tree];
}
