import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { initCluster, own, postgresPrograms, startPostgres } from '../../tools/compose/index.ts';
import type { SqlBlock } from '../../tools/document/document.ts';
import { runSql, type SqlRequest } from '../../tools/host/sql.ts';
import type { Begun, Fact, PreparedFact } from '../../tools/outcome/fact.ts';
import { judge } from '../../tools/outcome/judge.ts';
import { CannotRun, type SqlOutput, UnknownEnd } from '../../tools/outcome/output.ts';
import { createDatabase, type SpecDatabase } from '../support/database.ts';
import { sqlBlockOf } from '../support/document.ts';
import { type Cut, wayTo } from '../support/severed.ts';
import { requestOf, socketOf } from '../support/sql.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const server = () => socketOf(inject('postgresSocketDirectory'));

/** A database with a ledger, in which each row tells of a statement that was done. */
async function ledger(): Promise<{
  database: SpecDatabase;
  client: pg.Client;
  rows: () => Promise<string[]>;
}> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const client = await database.connect();
  await client.query('CREATE TABLE ledger (n serial, what text)');
  const rows = async () =>
    (await client.query<{ what: string }>('SELECT what FROM ledger ORDER BY what, n')).rows.map(
      (row) => row.what,
    );
  return { database, client, rows };
}

const blockOf = (text: string, expected: string[] = [], attributes = '') =>
  sqlBlockOf(`\`\`\`sql { name=book ${attributes} }`, text, '```', ...expected);

const loginTo = ({ name }: SpecDatabase) => ({ service: 'postgres', user: 'crosshot', name });

const prepared = (facts: Fact[]) =>
  facts.filter((fact): fact is PreparedFact => fact.type === 'statement-prepared');

const THREE = [
  '-- first',
  "INSERT INTO ledger (what) VALUES ('one') RETURNING what;",
  '-- second',
  "INSERT INTO ledger (what) SELECT 'two' || pg_sleep(0.1)::text RETURNING what;",
  '-- third',
  "INSERT INTO ledger (what) VALUES ('three') RETURNING what",
].join('\n');

const EXPECTED = ['', '**Expected output:**', "- what is 'one'", "- what is 'two'", "- what is 'three'"];

const OWN = [
  'SELECT count(*) AS before FROM ledger;',
  'BEGIN;',
  "INSERT INTO ledger (what) VALUES ('one');",
  "INSERT INTO ledger (what) VALUES ('two');",
  'COMMIT;',
  "INSERT INTO ledger (what) VALUES ('three')",
].join('\n');

/** Every point of a statement's transaction, and of an author's. */
const POINTS: [string, Cut][] = [
  ['before BEGIN is sent', { at: /^BEGIN$/, how: 'unsent' }],
  ['before the answer to BEGIN', { at: /^BEGIN$/, how: 'unanswered' }],
  ['before BEGIN of the second is sent', { at: /^BEGIN$/, how: 'unsent', after: 1 }],
  ['before the second is sent', { at: /two/, how: 'unsent' }],
  ['in the second', { at: /two/, how: 'unanswered' }],
  ['after the second', { at: /two/, how: 'answered' }],
  ['before the answer to its number', { at: /xact_id/, how: 'unanswered', after: 1 }],
  ['after its number', { at: /xact_id/, how: 'answered', after: 1 }],
  ['before COMMIT is sent', { at: /^COMMIT$/, how: 'unsent', after: 1 }],
  ['before the answer to COMMIT', { at: /^COMMIT$/, how: 'unanswered', after: 1 }],
  ['after COMMIT', { at: /^COMMIT$/, how: 'answered', after: 1 }],
  ['before the answer to the last COMMIT', { at: /^COMMIT$/, how: 'unanswered', after: 2 }],
];

describe('a block whose connection is lost', () => {
  it.each(POINTS)('%s: each statement is done once, and judged', async (_, cut) => {
    const { database, rows } = await ledger();
    const way = await wayTo(server, cut);
    const facts: Fact[] = [];
    const block = blockOf(THREE, EXPECTED);
    const output = await runSql(way.connect, loginTo(database), requestOf(block, { record: noting(facts) }));
    await way.severed;
    expect(await rows()).toEqual(['one', 'three', 'two']);
    expect(judge(block, output, { examples: true })).toMatchObject({ status: 'passed', why: null });
    expect(output.results).toHaveLength(3);
    expect(facts.filter(({ type }) => type === 'link-changed')).toMatchObject([
      { state: 'lost' },
      { state: 'back' },
    ]);
  });

  it.each([
    ['before the answer to BEGIN', { at: /^BEGIN$/, how: 'unanswered' }],
    ['in the transaction', { at: /two/, how: 'unanswered' }],
    ['before COMMIT is sent', { at: /^COMMIT$/, how: 'unsent' }],
    ['before the answer to COMMIT', { at: /^COMMIT$/, how: 'unanswered' }],
    ['after COMMIT', { at: /^COMMIT$/, how: 'answered' }],
    ['after the transaction', { at: /three/, how: 'unanswered' }],
  ] as [string, Cut][])('%s of the author’s own transaction', async (_, cut) => {
    const { database, rows } = await ledger();
    const way = await wayTo(server, cut);
    const output = await runSql(way.connect, loginTo(database), requestOf(blockOf(OWN)));
    await way.severed;
    expect(await rows()).toEqual(['one', 'three', 'two']);
    expect(output.results.map(({ command }) => command)).toEqual([
      ...['SELECT', 'BEGIN', 'INSERT', 'INSERT', 'COMMIT', 'INSERT'],
    ]);
    expect(output.results[0]?.rows).toEqual([['0']]);
  });
});

describe('a block without its connection', () => {
  const losing = async (text: string, cut: Cut, attributes = '', given: Partial<SqlRequest> = {}) => {
    const { database, rows } = await ledger();
    const way = await wayTo(server, cut);
    const block = blockOf(text, [], attributes);
    const running = runSql(way.connect, loginTo(database), requestOf(block, given));
    running.catch(() => undefined);
    return { running, way, rows, block };
  };

  it('has its settings made again', async () => {
    const text =
      "SET shop.who = 'me'; INSERT INTO ledger (what) VALUES ('one');" +
      " INSERT INTO ledger (what) VALUES (current_setting('shop.who'))";
    const { running, rows } = await losing(text, { at: /^COMMIT$/, how: 'unanswered' });
    expect((await running).refusal).toBeNull();
    expect(await rows()).toEqual(['me', 'one']);
  });

  it.each([
    ['CREATE TEMP TABLE mine (n int)', 'a temporary object'],
    ['PREPARE mine AS SELECT 1', 'a prepared statement'],
    ['LISTEN mine', 'a LISTEN'],
    ['SELECT pg_advisory_lock(7)', 'an advisory lock'],
    ['DECLARE mine CURSOR WITH HOLD FOR SELECT 1', 'a cursor'],
  ])('cannot go on without %s', async (statement, left) => {
    const text = `${statement};\nINSERT INTO ledger (what) VALUES ('one'); SELECT 1`;
    const { running, rows } = await losing(text, { at: /what/, how: 'unanswered' });
    await expect(running).rejects.toThrow(
      new UnknownEnd(
        `“${statement}” (line 2) left ${left} in its session, which went with the connection, so the rest cannot be ` +
          `run: 1 of 3 statements are done, up to “${statement}” (line 2)`,
      ),
    );
    expect(await rows()).toEqual([]);
  });

  it('has ended well where the last COMMIT was done, whatever the session had', async () => {
    const text = "CREATE TEMP TABLE mine (n int); INSERT INTO ledger (what) VALUES ('one')";
    const { running, rows } = await losing(text, { at: /^COMMIT$/, how: 'unanswered', after: 1 });
    expect((await running).results).toHaveLength(2);
    expect(await rows()).toEqual(['one']);
  });

  it('in a statement that may stand in no transaction, has an end that is not known', async () => {
    const text = "INSERT INTO ledger (what) VALUES ('one');\n-- Clean up\nVACUUM ledger";
    const { running, rows } = await losing(text, { at: /VACUUM/, how: 'unanswered' });
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toThrow(
      /^the connection was lost: Connection terminated unexpectedly; whether “Clean up” \(line 4\) was done is not known, as it may stand in no transaction: it may still be running in process \d+ of PostgreSQL \(postgres\); 1 of 2 statements are done, up to “INSERT .*” \(line 2\)$/,
    );
    expect(await rows()).toEqual(['one']);
  });

  it.each([
    ['restarts, is told by it', 'SIGINT' as const],
    ['crashes, has an end that is not known: its number may have been given again', 'SIGQUIT' as const],
  ])('whose server %s', async (_, signal) => {
    const home = await temporaryDirectory();
    await own(home, (await postgresPrograms()).identity);
    await initCluster(join(home, 'data'), 'crosshot');
    const start = () => startPostgres(join(home, 'data'), join(home, 's'));
    let its = await start();
    onTestFinished(() => its.stop());
    const login = { service: 'postgres', user: 'crosshot', name: 'postgres' };
    const way = await wayTo(() => socketOf(its.socketDirectory), { at: /^COMMIT$/, how: 'unanswered' });
    const record = async (fact: Fact) => {
      if (fact.type !== 'link-changed' || fact.state !== 'lost') return;
      // A server that had not committed yet would know that it did not.
      await way.done;
      process.kill(its.pid, signal);
      await its.stop();
      its = await start();
    };
    const text = 'CREATE TABLE ledger (n int);\nINSERT INTO ledger VALUES (1) RETURNING n';
    const running = runSql(way.connect, login, requestOf(blockOf(text), { record }));
    if (signal === 'SIGINT') expect((await running).results).toMatchObject([{}, { rows: [['1']] }]);
    else await expect(running).rejects.toThrow(/^PostgreSQL has crashed since transaction \d+ was about to/);
  });

  it('to another cluster does nothing there', async () => {
    const { database } = await ledger();
    const home = await temporaryDirectory();
    await own(home, (await postgresPrograms()).identity);
    await initCluster(join(home, 'data'), 'crosshot');
    const other = await startPostgres(join(home, 'data'), join(home, 's'), { fsync: 'off' });
    onTestFinished(() => other.stop());
    const there = new pg.Client({ host: other.socketDirectory, user: 'crosshot', database: 'postgres' });
    await there.connect();
    await there.query(`CREATE DATABASE ${database.name}`);
    await there.end();
    let socket = server;
    const way = await wayTo(() => socket(), { at: /two/, how: 'unanswered' });
    const record = async ({ type }: Fact) => {
      if (type === 'link-changed') socket = () => socketOf(other.socketDirectory);
    };
    const running = runSql(way.connect, loginTo(database), requestOf(blockOf(THREE), { record }));
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toThrow(
      /^another PostgreSQL cluster answers now \(system identifier \d+, before \d+\)/,
    );
  });

  it('in a DO that PostgreSQL refuses within a transaction, has an end that is not known', async () => {
    const text = `DO $$ BEGIN INSERT INTO ledger (what) VALUES ('one'); COMMIT; PERFORM pg_sleep(0.2); END $$`;
    const { running } = await losing(text, { at: /^DO/, how: 'unanswered', after: 1 });
    await expect(running).rejects.toThrow(UnknownEnd);
  });

  it('that reads is run again from its first statement', async () => {
    const { running, way } = await losing('SELECT 1; SELECT 2', { at: /SELECT 2/, how: 'unanswered' });
    expect((await running).results).toMatchObject([{ rows: [['1']] }, { rows: [['2']] }]);
    expect(way.sent.filter((query) => query === 'SELECT 1')).toHaveLength(2);
  });

  it('three times at one statement gives up: it may be what brings the server down', async () => {
    const text = "INSERT INTO ledger (what) VALUES ('one'); INSERT INTO ledger (what) VALUES ('two')";
    const { running, rows } = await losing(text, { at: /two/, how: 'unanswered', times: 3 });
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toMatchObject({ unanswered: false });
    await expect(running).rejects.toThrow(
      /^the connection was lost 3 times at “.*two.*” \(line 2\): .*; 1 of 2 /,
    );
    expect(await rows()).toEqual(['one']);
    const { running: first } = await losing('DELETE FROM ledger', {
      at: /DELETE/,
      how: 'unanswered',
      times: 3,
    });
    await expect(first).rejects.toThrow(CannotRun);
    await expect(first).rejects.toThrow(
      /nothing of the block was committed; process \d+ of .* may still be at work/,
    );
  });

  it('and is not found again in its time: what was not committed could not be run', async () => {
    const cut: Cut = { at: /two/, how: 'unanswered' };
    const { running, way } = await losing("INSERT INTO ledger (what) VALUES ('two')", cut, 'timeout=2s');
    await way.severed;
    way.close();
    await expect(running).rejects.toThrow(CannotRun);
    await expect(running).rejects.toThrow(
      /no answer within the timeout of 2 s; nothing of the block was committed/,
    );
  });

  it('and is not found again in its time: whether it was committed is not known', async () => {
    const cut: Cut = { at: /^COMMIT$/, how: 'unanswered', after: 1 };
    const { running, way } = await losing(THREE, cut, 'timeout=2s');
    await way.severed;
    way.close();
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toMatchObject({ unanswered: true });
    await expect(running).rejects.toThrow(
      /; whether “second” \(line 5\) was committed is not known: ask SELECT pg_xact_status\('\d+'\); 1 of 3 statements are done/,
    );
  });

  it('and interrupted is told so at once', async () => {
    const controller = new AbortController();
    const cut: Cut = { at: /^COMMIT$/, how: 'unanswered' };
    const { running, way } = await losing(THREE, cut, '', { signal: controller.signal });
    await way.severed;
    way.close();
    controller.abort();
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toThrow(/interrupted|Connection terminated/);
  });
});

describe('a server that stalls', () => {
  it.each([
    ['done', 'stalled-unanswered', ['one', 'three', 'two'], false],
    ['not done', 'stalled-unsent', ['one', 'two'], true],
  ] as const)(
    'at a COMMIT that is %s is asked for it once more when the time is over',
    async (_, how, done, timedOut) => {
      const { database, rows } = await ledger();
      const way = await wayTo(server, { at: /^COMMIT$/, how, after: 2 });
      const block = blockOf(THREE, [], 'timeout=2s');
      const output = await runSql(way.connect, loginTo(database), requestOf(block));
      expect(output).toMatchObject({ timedOut, refusal: null });
      expect(output.results).toHaveLength(done.length);
      expect(await rows()).toEqual(done);
    },
  );
});

describe('a block that an earlier run began and was killed in', () => {
  /** Runs a block up to where it stalls, and then again with what was recorded by then. */
  async function resumed(text: string, cut: Cut, expected: string[] = []) {
    const { database, rows } = await ledger();
    const way = await wayTo(server, cut);
    const controller = new AbortController();
    const facts: Fact[] = [];
    const block = blockOf(text, expected);
    const first = runSql(
      way.connect,
      loginTo(database),
      requestOf(block, { record: noting(facts), signal: controller.signal }),
    ).catch(() => undefined);
    await way.severed;
    const again: Fact[] = [];
    const output = runSql(
      server,
      loginTo(database),
      requestOf(block, { begun: begunWith(block, facts), record: noting(again) }),
    );
    const ended = await output.catch((error: unknown) => error as Error);
    controller.abort();
    way.close();
    way.cut();
    await first;
    return { block, rows: await rows(), ended, facts: prepared(facts), again: prepared(again) };
  }

  it.each(STALLS)(
    '%s goes on where it was',
    async (_, cut) => {
      const { block, rows, ended } = await resumed(THREE, cut, EXPECTED);
      expect(rows).toEqual(['one', 'three', 'two']);
      expect(judge(block, ended as SqlOutput, { examples: true })).toMatchObject({
        status: 'passed',
        why: null,
      });
    },
    30_000,
  );

  it('has what was done in the journal of the run that goes on, too', async () => {
    const { ended, again } = await resumed(THREE, { at: /^COMMIT$/, how: 'stalled-unanswered', after: 1 });
    expect(again).toMatchObject([{ index: 1, xid: null }, { index: 2 }]);
    expect(again.flatMap(({ results }) => results)).toEqual((ended as SqlOutput).results);
  });

  it('in the author’s own transaction runs that again, and what was read before it keeps its answer', async () => {
    const { rows, ended } = await resumed(OWN, { at: /three/, how: 'stalled-unanswered' });
    expect(rows).toEqual(['one', 'three', 'two']);
    expect((ended as SqlOutput).results.map(({ command, rows }) => [command, rows])).toEqual([
      ['SELECT', [['0']]],
      ...['BEGIN', 'INSERT', 'INSERT', 'COMMIT', 'INSERT'].map((command) => [command, []]),
    ]);
    expect((await resumed(OWN, { at: /^COMMIT$/, how: 'stalled-unsent' })).rows).toEqual([
      'one',
      'three',
      'two',
    ]);
  });

  it('in a statement that may stand in no transaction has an end that is not known', async () => {
    const { ended, facts } = await resumed('VACUUM ledger', { at: /VACUUM/, how: 'stalled-unanswered' });
    expect(facts).toEqual([{ type: 'statement-prepared', index: 0, xid: null, results: [] }]);
    expect(ended).toBeInstanceOf(UnknownEnd);
    const before = await resumed('SELECT 1; VACUUM ledger', { at: /SELECT 1/, how: 'stalled-unanswered' });
    expect(before.ended).toMatchObject({ results: [{ command: 'SELECT' }, { command: 'VACUUM' }] });
  });

  it('and of whose number the server knows nothing has an end that is not known', async () => {
    const { database } = await ledger();
    const block = blockOf(THREE);
    const fact: PreparedFact = {
      type: 'statement-prepared',
      index: 0,
      xid: '9000000001',
      results: [RESULT],
    };
    const running = runSql(server, loginTo(database), requestOf(block, { begun: begunWith(block, [fact]) }));
    await expect(running).rejects.toThrow(UnknownEnd);
    await expect(running).rejects.toThrow(/^none of its 3 statements is done, and it cannot go on: 22023: /);
  });

  it('and cannot be reached in its time has an end that is not known, if anything was sent', async () => {
    const { database } = await ledger();
    const way = await wayTo(server);
    way.close();
    const block = blockOf(THREE, [], 'timeout=1s');
    const fact: PreparedFact = { type: 'statement-prepared', index: 0, xid: '700', results: [RESULT] };
    const begun = begunWith(block, [fact]);
    await expect(runSql(way.connect, loginTo(database), requestOf(block, { begun }))).rejects.toThrow(
      UnknownEnd,
    );
  });
});

const STALLS: [string, Cut][] = [
  ['before the first', { at: /^BEGIN$/, how: 'stalled-unsent' }],
  ['in the first', { at: /one/, how: 'stalled-unanswered' }],
  ['before its first COMMIT', { at: /^COMMIT$/, how: 'stalled-unsent' }],
  ['at its first COMMIT', { at: /^COMMIT$/, how: 'stalled-unanswered' }],
  ['in the second', { at: /two/, how: 'stalled-unanswered' }],
  ['before its second COMMIT', { at: /^COMMIT$/, how: 'stalled-unsent', after: 1 }],
  ['at its second COMMIT', { at: /^COMMIT$/, how: 'stalled-unanswered', after: 1 }],
  ['at its last COMMIT', { at: /^COMMIT$/, how: 'stalled-unanswered', after: 2 }],
];

const RESULT = {
  title: 'x',
  columns: [],
  rows: [],
  rowCount: 1,
  truncated: false,
  command: 'INSERT',
  durationMs: 1,
};

const begunWith = (block: SqlBlock, facts: Fact[]): Begun => ({
  ...{ run: 'spec', name: block.name, attempt: 1, at: '2026-03-01T02:00:00.000Z', answered: null },
  prepared: prepared(facts),
});

describe('a block that is not disturbed', () => {
  const running = async (text: string, given: Partial<SqlRequest> = {}, attributes = '') => {
    const { database, rows } = await ledger();
    const facts: Fact[] = [];
    const lines: string[] = [];
    const block = blockOf(text, [], attributes);
    const request = requestOf(block, {
      record: noting(facts),
      onLine: (line) => void lines.push(line),
      ...given,
    });
    const output = await runSql(server, loginTo(database), request);
    return { output, rows: await rows(), facts: prepared(facts), block, lines };
  };

  it('records the number of each transaction with what came of it, and no other', async () => {
    const { output, facts } = await running(`SELECT 1; ${OWN}; VACUUM ledger; SELECT 2`);
    expect(facts).toMatchObject([
      { index: 5, xid: expect.stringMatching(/^\d+$/) },
      { index: 6, xid: expect.stringMatching(/^\d+$/) },
      { index: 7, xid: null, results: [] },
      { index: 7, xid: null },
    ]);
    expect(facts.flatMap(({ results }) => results)).toEqual(output.results.slice(0, 8));
  });

  it('keeps what its statements leave in the session', async () => {
    const text = `SET shop.who = 'me'; CREATE TEMP TABLE mine AS SELECT 'temp' AS what; PREPARE put AS
      INSERT INTO ledger (what) VALUES ($1); EXECUTE put('prepared'); INSERT INTO ledger (what) SELECT what FROM mine;
      INSERT INTO ledger (what) VALUES (current_setting('shop.who'));
      DECLARE held CURSOR WITH HOLD FOR SELECT what FROM ledger; FETCH ALL FROM held; CLOSE held;
      SELECT pg_advisory_lock(7); SELECT pg_advisory_unlock(7) AS unlocked; LISTEN x; NOTIFY x; UNLISTEN x;
      DISCARD ALL`;
    const { output, rows } = await running(text);
    expect(output.refusal).toBeNull();
    expect(output.results[7]).toMatchObject({ command: 'FETCH', rowCount: 3 });
    expect(output.results[10]?.rows).toEqual([['t']]);
    expect(rows).toEqual(['me', 'prepared', 'temp']);
  });

  it.each(['DECLARE c CURSOR FOR SELECT 1', 'LOCK TABLE ledger', 'SAVEPOINT a'])(
    'has `%s` refused outside of a transaction, as PostgreSQL does',
    async (text) => {
      const { output } = await running(`INSERT INTO ledger (what) VALUES ('one'); ${text}`);
      expect(output.refusal?.sqlstate).toBe('25P01');
    },
  );

  it('runs alone what PostgreSQL refuses within a transaction only', async () => {
    const text = `DO $$ BEGIN
        FOR i IN 1..3 LOOP INSERT INTO ledger (what) VALUES (i::text); COMMIT; END LOOP;
      END $$;
      CREATE PROCEDURE put() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ledger (what) VALUES ('4'); COMMIT; END $$;
      CALL put(); REINDEX SCHEMA public; CREATE INDEX CONCURRENTLY ON ledger (what); VACUUM ledger; CLUSTER;
      DO $$ BEGIN COMMIT; RAISE division_by_zero; END $$`;
    const { output, rows } = await running(text);
    expect(output.refusal).toMatchObject({ sqlstate: '22012' });
    expect(output.results).toHaveLength(7);
    expect(rows).toEqual(['1', '2', '3', '4']);
    const unlisted = await running('ALTER DATABASE "template1" SET TABLESPACE "none"');
    expect(unlisted.output.refusal).toMatchObject({ sqlstate: '42704' });
  });

  it('is refused by a constraint that is judged at COMMIT, as the statement is', async () => {
    const text = `CREATE TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO once VALUES (1), (1)`;
    const { output, lines } = await running(`${text}; SELECT 1`);
    expect(output).toMatchObject({ refusal: { sqlstate: '23505' }, results: [{ command: 'CREATE TABLE' }] });
    expect(lines.filter((line) => line.startsWith('NOTICE'))).toEqual([]);
    const own = await running(`${text.replace('INSERT', 'BEGIN; INSERT')}; COMMIT; SELECT 1`);
    expect(own.output.refusal).toMatchObject({ sqlstate: '23505' });
    expect(own.output.results.map(({ command }) => command)).toEqual(['CREATE TABLE', 'BEGIN', 'INSERT']);
  });

  it('does not commit what could not be recorded', async () => {
    const { database, rows } = await ledger();
    const full = new Error('no space left on device');
    const record = async () => Promise.reject(full);
    await expect(runSql(server, loginTo(database), requestOf(blockOf(THREE), { record }))).rejects.toBe(full);
    await expect(runSql(server, loginTo(database), requestOf(blockOf(OWN), { record }))).rejects.toBe(full);
    expect(await rows()).toEqual([]);
  });

  it('has failed where it leaves a transaction open, at the line of its BEGIN', async () => {
    const { output, rows, block } = await running(
      "BEGIN; COMMIT;\nBEGIN;\nINSERT INTO ledger (what) VALUES ('one')",
    );
    expect(output).toMatchObject({ openTransaction: true, refusal: null, timedOut: false });
    expect(rows).toEqual([]);
    expect(judge(block, output, { examples: true })).toMatchObject({
      status: 'failed',
      why: {
        message:
          'the transaction that begins here is still open at the end of the block, so nothing of it was committed: ' +
          'write COMMIT at its end, or ROLLBACK where that is meant',
        line: 3,
        column: 1,
      },
    });
    const refused = await running('BEGIN; SELECT 1/0');
    expect(refused.output.openTransaction).toBeUndefined();
    const reads = await running('BEGIN; SELECT 1; ROLLBACK', {}, 'effect=reads');
    expect(reads.output.openTransaction).toBeUndefined();
  });
});

const noting = (facts: Fact[]) => async (fact: Fact) => void facts.push(fact);
