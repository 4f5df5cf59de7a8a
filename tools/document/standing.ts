import type { SqlStatement } from '../text/sql.ts';
import { type TreeWords, treeWords } from './tree-words.ts';

/**
 * How a statement stands to transactions. `within`: it may stand in one. `alone`: it must not, or does what no rollback
 * undoes. `session`: it changes nothing but its session, so it is run as it stands. `chain` commits and begins
 * again; `prepare` leaves it to another session to commit.
 */
export type Standing = 'within' | 'alone' | 'session' | 'begin' | 'commit' | 'rollback' | 'chain' | 'prepare';

/** What a statement leaves behind in its session, in words; `a setting` can be made again by the statement itself. */
export type Leaves = 'a setting' | `${'a' | 'an'} ${string}` | null;

type Tree = SqlStatement['tree'];

const CONTROL: Record<string, Standing> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'session',
  TRANS_STMT_RELEASE: 'session',
  TRANS_STMT_ROLLBACK_TO: 'session',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'alone',
  TRANS_STMT_ROLLBACK_PREPARED: 'alone',
};

/** A cursor and a lock need a transaction of the author's; one of the tool's own would make them work for nothing. */
const OF_SESSION = new Set([
  ...['VariableSetStmt', 'VariableShowStmt', 'ConstraintsSetStmt', 'DiscardStmt', 'LoadStmt'],
  ...['DeclareCursorStmt', 'FetchStmt', 'ClosePortalStmt', 'LockStmt', 'CheckPointStmt'],
  ...['PrepareStmt', 'DeallocateStmt', 'ListenStmt', 'UnlistenStmt'],
]);

const ALONE = new Set([
  ...['CreatedbStmt', 'DropdbStmt', 'AlterSystemStmt', 'CreateTableSpaceStmt', 'DropTableSpaceStmt'],
  ...['CreateSubscriptionStmt', 'DropSubscriptionStmt'],
]);

/**
 * As far as the statement's own words tell: PostgreSQL refuses some others within a transaction, such as a DO that
 * commits, and they can be run alone then, for a refusal undoes them.
 */
export function standingOf(tree: Tree): Standing {
  const [kind, node] = rootOf(tree);
  if (kind === 'TransactionStmt') {
    const standing = CONTROL[String(node.kind)] ?? 'session';
    return standing === 'commit' && node.chain === true ? 'chain' : standing;
  }
  if (OF_SESSION.has(kind)) return 'session';
  if (ALONE.has(kind) || node.concurrent === true) return 'alone';
  return standsAlone(kind, node) ?? 'within';
}

function standsAlone(kind: string, node: Tree): Standing | null {
  switch (kind) {
    case 'VacuumStmt':
      return node.is_vacuumcmd === true ? 'alone' : null;
    case 'ClusterStmt':
      return node.relation === undefined ? 'alone' : null;
    case 'ReindexStmt':
      return ONE_REINDEXED.has(String(node.kind)) && !isConcurrent(node) ? null : 'alone';
    case 'CopyStmt':
      // From the client it is refused, and a query must not stand behind it on the wire.
      if (node.filename === undefined) return node.is_from === true ? 'session' : null;
      return node.is_program === true || node.is_from !== true ? 'alone' : null;
    default:
      return null;
  }
}

const ONE_REINDEXED = new Set(['REINDEX_OBJECT_INDEX', 'REINDEX_OBJECT_TABLE']);

const NAMED: Record<string, Leaves> = {
  PrepareStmt: 'a prepared statement',
  ListenStmt: 'a LISTEN',
  LoadStmt: 'a loaded library',
};

/** Functions that leave something in the session; what a function of the author's own leaves, nobody can see. */
const FUNCTIONS: [RegExp, Leaves][] = [
  [/^pg_(try_)?advisory_lock(_shared)?$/, 'an advisory lock'],
  [/^(set_config|setseed)$/, 'a setting of its own'],
  [/^dblink_connect(_u)?$/, 'a dblink connection'],
];

export function leavesOf(tree: Tree, words: TreeWords): Leaves {
  const [kind, node] = rootOf(tree);
  if (kind === 'TransactionStmt' && node.chain === true) return 'an open transaction';
  if (kind === 'VariableSetStmt') {
    const local =
      node.is_local === true || node.name === 'TRANSACTION' || node.name === 'TRANSACTION SNAPSHOT';
    return local ? null : 'a setting';
  }
  if (kind === 'DeclareCursorStmt') return (Number(node.options) & HOLD) === 0 ? null : 'a cursor';
  const called = [...words.functions];
  return (
    NAMED[kind] ??
    FUNCTIONS.find(([name]) => called.some((one) => name.test(one)))?.[1] ??
    (isTemporary(words) ? 'a temporary object' : null)
  );
}

/** CURSOR_OPT_HOLD of PostgreSQL's parser. */
const HOLD = 0x20;

const rootOf = (tree: Tree): [string, Tree] => {
  const [kind = '', node] = Object.entries(tree)[0] ?? [];
  return [kind, (node ?? {}) as Tree];
};

/** Only what makes an object says in the tree that it is temporary; what uses one may name the schema. */
const isTemporary = ({ fields }: TreeWords): boolean =>
  !fields.has('oncommit:ONCOMMIT_DROP') && TEMPORARY.some((field) => fields.has(field));

const TEMPORARY = ['relpersistence:t', 'schemaname:pg_temp', 'sval:pg_temp'];

const isConcurrent = (node: Tree) => treeWords(node).fields.has('defname:concurrently');
