import { expect, it } from 'vitest';
import { leavesOf, type Standing, standingOf } from '../../tools/document/standing.ts';
import { treeWords } from '../../tools/document/tree-words.ts';
import { splitSql } from '../../tools/text/sql.ts';

const treeOf = (sql: string) => splitSql(sql)[0]?.tree ?? {};

const STANDINGS: Record<Standing, string[]> = {
  within: [
    'SELECT f()',
    'INSERT INTO t VALUES (1)',
    'CREATE TABLE t (n int)',
    'CREATE INDEX i ON t (n)',
    'ANALYZE t',
    'CLUSTER t',
    'REINDEX TABLE t',
    'DO $$ BEGIN END $$',
    'CALL f()',
    'EXECUTE p',
    'NOTIFY x',
    'COPY t TO STDOUT',
    "COPY t FROM '/tmp/t'",
    'ALTER DATABASE d RENAME TO e',
  ],
  alone: [
    'VACUUM t',
    'CREATE DATABASE d',
    'DROP DATABASE d',
    'CREATE INDEX CONCURRENTLY i ON t (n)',
    'DROP INDEX CONCURRENTLY i',
    'REINDEX TABLE CONCURRENTLY t',
    'REINDEX (CONCURRENTLY) INDEX i',
    'REINDEX DATABASE d',
    'REINDEX SCHEMA s',
    'CLUSTER',
    'ALTER SYSTEM SET work_mem = 1',
    "CREATE TABLESPACE s LOCATION '/s'",
    'DROP TABLESPACE s',
    'DROP SUBSCRIPTION s',
    "COPY t TO PROGRAM 'cat'",
    "COPY t TO '/tmp/t'",
    "COMMIT PREPARED 'x'",
  ],
  session: [
    'SET a.b = 1',
    'SHOW work_mem',
    'RESET ALL',
    'SAVEPOINT a',
    'ROLLBACK TO a',
    'RELEASE a',
    'DECLARE c CURSOR FOR SELECT 1',
    'FETCH c',
    'CLOSE c',
    'PREPARE p AS SELECT 1',
    'DEALLOCATE p',
    'LISTEN x',
    'LOCK TABLE t',
    'SET CONSTRAINTS ALL DEFERRED',
    'COPY t FROM STDIN',
    'DISCARD ALL',
  ],
  begin: ['BEGIN', 'START TRANSACTION READ ONLY'],
  commit: ['COMMIT', 'END'],
  rollback: ['ROLLBACK', 'ABORT', 'ROLLBACK AND CHAIN'],
  chain: ['COMMIT AND CHAIN'],
  prepare: ["PREPARE TRANSACTION 'x'"],
};

const cases = Object.entries(STANDINGS).flatMap(([standing, all]) =>
  all.map((sql) => [sql, standing] as const),
);

it.each(cases)('%s: %s', (sql, standing) => {
  expect(standingOf(treeOf(sql))).toBe(standing);
});

it.each([
  ['SET a.b = 1', 'a setting'],
  ['SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', 'a setting'],
  ['RESET ALL', 'a setting'],
  ['SET LOCAL a.b = 1', null],
  ['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', null],
  ["SELECT pg_catalog.set_config('a.b', 'c', false)", 'a setting of its own'],
  ['CREATE TEMP TABLE t (n int)', 'a temporary object'],
  ['CREATE TEMP TABLE t (n int) ON COMMIT DROP', null],
  ['CREATE TABLE t AS SELECT 1', null],
  ['SELECT 1 INTO TEMP t', 'a temporary object'],
  ['CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'a temporary object'],
  ['PREPARE p AS SELECT 1', 'a prepared statement'],
  ['LISTEN x', 'a LISTEN'],
  ['DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'a cursor'],
  ['DECLARE c CURSOR FOR SELECT 1', null],
  ['SELECT n FROM t WHERE pg_try_advisory_lock(n)', 'an advisory lock'],
  ['SELECT pg_advisory_xact_lock(7)', null],
  ['COMMIT AND CHAIN', 'an open transaction'],
  ['UPDATE t SET n = 1', null],
])('%s leaves %s in its session', (sql, left) => {
  const tree = treeOf(sql);
  expect(leavesOf(tree, treeWords(tree))).toBe(left);
});
