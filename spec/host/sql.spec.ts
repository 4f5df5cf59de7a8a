import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { connectClient } from '../../tools/host/database.ts';
import { runSql } from '../../tools/host/sql.ts';
import { judge } from '../../tools/outcome/judge.ts';
import type { Outcome } from '../../tools/outcome/outcome.ts';
import type { SqlOutput } from '../../tools/outcome/output.ts';
import { printedBy } from '../../tools/report/report.ts';
import { sqlBlockOf } from '../support/document.ts';
import { wayTo } from '../support/severed.ts';
import { requestOf, socketOf } from '../support/sql.ts';

const login = { service: 'postgres', user: 'crosshot', name: 'postgres' };
const TIMERS = {
  toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
} satisfies Parameters<typeof vi.useFakeTimers>[0];

const never = new AbortController().signal;

const server = () => socketOf(inject('postgresSocketDirectory'));

/** An `sql` block of this text, and what is expected of it. */
const blockWith = (text: string, expected: string[], attributes = '') =>
  sqlBlockOf(`\`\`\`sql { name=rows ${attributes} }`, text, '```', '', ...expected);

const sentences = (...expected: string[]) => [
  '**Expected output:**',
  `- ${expected[0]}`,
  ...expected.slice(1).map((one) => `  - ${one}`),
];

async function judged(text: string, expected: string[]): Promise<Outcome & { output: SqlOutput }> {
  const block = blockWith(text, expected);
  const output = await runSql(server, login, requestOf(block));
  return { ...judge(block, output, { examples: true }), output };
}

const statuses = ({ expectations }: Outcome) => expectations.map(({ text, status }) => `${text}: ${status}`);

describe('a result set of more rows than are kept', () => {
  const numbers = (last: number) =>
    `SELECT n, CASE n WHEN ${last} THEN 'last' ELSE 'other' END AS name FROM generate_series(1, ${last}) AS n`;

  it('is judged by every row of it', async () => {
    const found = await judged(
      numbers(300_000),
      sentences(
        '300000 rows',
        'at least 300000 rows',
        'at most 300000 rows',
        'every n is at least 1',
        'every n is at most 300000',
        'every name is not null',
        "n is 300000 where name is 'last'",
      ),
    );
    expect(found.expectations.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(found).toMatchObject({ status: 'passed', output: { results: [{ rowCount: 300_000 }] } });
    expect(found.output.results[0]?.rows).toHaveLength(10_000);
  });

  it('is judged false by a row behind the ones that are kept', async () => {
    const found = await judged(
      numbers(30_000),
      sentences(
        '10000 rows',
        'at most 10000 rows',
        'every n is at most 10000',
        "every name is 'other'",
        "every name is not 'last'",
        "n is 1 where name is 'other'",
        "n is 1 where name is 'first'",
        'n is 1',
        'n equals name',
        `30000 rows (${Array.from({ length: 10_000 }, (_, i) => i + 1).join(', ')})`,
      ),
    );
    expect(found.status).toBe('failed');
    expect(found.expectations.filter(({ status }) => status !== 'failed')).toEqual([]);
    expect(found.expectations[2]?.actual).toBe(
      'n is 10001 in row 10001, 10002 in row 10002, 10003 in row 10003, …',
    );
    expect(found.expectations[3]?.actual).toBe('name is last in row 30000');
  });

  it('has all of its names compared', async () => {
    const all = Array.from({ length: 10_500 }, (_, i) => `n${i + 1}`);
    const text = "SELECT 'n' || n FROM generate_series(1, 10500) AS n";
    expect(statuses(await judged(text, sentences(`10500 names (${all.join(', ')})`)))[0]).toMatch(
      /: passed$/,
    );
    const other = [...all.slice(0, -1), 'other'];
    const [wrong] = (await judged(text, sentences(`10500 names (${other.join(', ')})`))).expectations;
    expect(wrong).toMatchObject({ status: 'failed', actual: '10500 rows: without other, with n10500' });
  });

  it('fits no output fence', async () => {
    const fence = ['**Expected output:**', '', '```text', '...', '(10001 rows)', '```'];
    const [found] = (await judged(numbers(10_001), fence)).expectations;
    expect(found?.status).toBe('failed');
    expect(found?.actual).toMatch(
      /^more rows than can be compared \(10001 rows; the first 10000 were kept\): narrow the query\n/,
    );
    const [whole] = (await judged(numbers(10_000), [...fence.slice(0, 4), '(10000 rows)', '```']))
      .expectations;
    expect(whole?.status).toBe('passed');
  });

  it('is no larger in memory for its long cells', async () => {
    const found = await judged(
      "SELECT repeat('x', 1000000) AS text, n FROM generate_series(1, 20) AS n",
      sentences('20 rows', 'every n is at most 19'),
    );
    expect(found.output.results[0]).toMatchObject({ rowCount: 20, truncated: true });
    expect(found.output.results[0]?.rows).toHaveLength(4);
    expect(found.expectations).toMatchObject([
      { status: 'passed' },
      { status: 'failed', actual: 'n is 20 in row 20' },
    ]);
  });
});

describe('a row that is too long to be read', () => {
  const LONG = "-- Everything at once\nSELECT repeat('x', 17000000) AS text";

  it('fails the block, which names the statement, its bytes and what to do', async () => {
    const { status, why } = await judged(`SELECT 1 AS a;\n\n${LONG};\nSELECT 2`, []);
    expect(status).toBe('failed');
    expect(why).toEqual({
      message:
        '“Everything at once” returned a row of 17000006 bytes, which is more than is read of one: ' +
        'select less of it, such as length(…) or left(…, 1000)',
      line: 5,
      column: 1,
    });
  });

  it('makes no sentence true that needs it', async () => {
    const found = await judged(LONG, sentences('1 row', 'text is not null', 'every text is not null'));
    expect(statuses(found)).toEqual([
      '1 row: passed',
      'text is not null: failed',
      'every text is not null: failed',
    ]);
  });

  it('costs little memory, of whatever length it is', async () => {
    const [socket, text] = [inject('postgresSocketDirectory'), "SELECT repeat('x', 200000000) AS text"];
    const program = fileURLToPath(new URL('peak-memory.ts', import.meta.url));
    const { stdout } = await promisify(execFile)('node_modules/.bin/tsx', [program, socket, text]);
    const { unreadBytes, peakMb } = JSON.parse(stdout) as { unreadBytes: number; peakMb: number };
    expect(unreadBytes).toBe(200_000_006);
    expect(peakMb).toBeLessThan(400);
  });
});

describe('what the server says besides', () => {
  /** Of a block that creates and drops what nobody else has. */
  const said = async (...statements: string[]) => {
    const lines: string[] = [];
    const block = blockWith(`${statements.join(';\n')};`, []);
    const output = await runSql(server, login, requestOf(block, { onLine: (line) => void lines.push(line) }));
    return { output, lines };
  };

  it('is kept with the output as psql’s standard error has it, with its detail and hint', async () => {
    const { output, lines } = await said(
      'CREATE TEMP TABLE t ()',
      'CREATE TEMP VIEW first AS SELECT FROM t',
      'CREATE TEMP VIEW second AS SELECT FROM t',
      'DROP TABLE t CASCADE',
      `DO $$ BEGIN RAISE WARNING 'two\nlines' USING HINT = 'look at it'; END $$`,
      'SELECT 1 / 0',
    );
    expect(output.notices?.text).toBe(
      [
        'NOTICE: drop cascades to 2 other objects',
        'DETAIL: drop cascades to view first',
        'drop cascades to view second',
        'WARNING: two',
        'lines',
        'HINT: look at it',
        '',
      ].join('\n'),
    );
    expect(output.refusal?.sqlstate).toBe('22012');
    expect(lines).toContain('NOTICE: drop cascades to 2 other objects');
    expect(printedBy(output).stderr).toBe(output.notices?.text);
  });

  it('is nothing where it said nothing, nor of what the tool sends by itself', async () => {
    const { output } = await said('BEGIN', 'SELECT 1', 'COMMIT', 'CREATE TEMP TABLE t ()', 'SELECT * FROM t');
    expect(output).not.toHaveProperty('notices');
    expect(await said('SELECT 1 / 0')).not.toHaveProperty('output.notices');
    expect(printedBy(output).stderr).toBe('');
  });

  it('is told to its beginning where there is no end of it', async () => {
    const { output } = await said(
      `DO $$ BEGIN FOR i IN 1..60000 LOOP RAISE NOTICE '% %', i, repeat('x', 100); END LOOP; END $$`,
    );
    expect(output.notices).toMatchObject({ truncated: true });
    expect(output.notices?.text).toMatch(/^NOTICE: 1 x{100}\nNOTICE: 2 x{100}\n/);
    expect(output.notices?.text.length).toBeLessThan(output.notices?.bytes ?? 0);
  });
});

describe('a server that does not answer', () => {
  /** Takes connections and says nothing. */
  async function deaf(): Promise<{ connect: () => Socket; connected: Promise<unknown> }> {
    const sockets = new Set<Socket>();
    const listening = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    const connected = once(listening, 'connection');
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      listening.close();
    });
    const { port } = listening.address() as AddressInfo;
    return { connect: () => connectSocket(port, '127.0.0.1'), connected };
  }

  const run = (connect: () => Socket, attributes: string, signal: AbortSignal) =>
    runSql(connect, login, requestOf(blockWith('SELECT 1', [], attributes), { signal }));

  it('is given up when the time of the block is over: it could not be tried', async () => {
    const { connect } = await deaf();
    await expect(run(connect, 'timeout=1s', never)).rejects.toThrow(
      'no connection to PostgreSQL (postgres): no answer within the timeout of 1 s',
    );
  });

  it('is given up when the run is interrupted', async () => {
    const { connect, connected } = await deaf();
    const controller = new AbortController();
    const running = run(connect, '', controller.signal);
    await connected;
    controller.abort();
    await expect(running).rejects.toThrow('no connection to PostgreSQL (postgres): interrupted');
  });

  it('is given up after a minute where it has no other time, as before a run', async () => {
    const { connect, connected } = await deaf();
    vi.useFakeTimers(TIMERS);
    onTestFinished(() => void vi.useRealTimers());
    const connecting = connectClient(connect, login);
    connecting.catch(() => undefined);
    await connected;
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(connecting).rejects.toThrow('no connection to PostgreSQL (postgres): no answer within 60 s');
  });

  it('is told of while it is waited for', async () => {
    const { connect, connected } = await deaf();
    vi.useFakeTimers(TIMERS);
    onTestFinished(() => void vi.useRealTimers());
    const lines: string[] = [];
    const block = blockWith('SELECT 1', [], 'timeout=25s');
    const running = runSql(connect, login, requestOf(block, { onLine: (line) => void lines.push(line) }));
    running.catch(() => undefined);
    await connected;
    await vi.advanceTimersByTimeAsync(25_000);
    await expect(running).rejects.toThrow('no answer within the timeout of 25 s');
    expect(lines).toEqual([
      'no answer from PostgreSQL (postgres) for 10 s',
      'no answer from PostgreSQL (postgres) for 20 s',
    ]);
  });

  it('is told of while a COMMIT is waited for, and not while a statement runs', async () => {
    const way = await wayTo(server, { at: /^COMMIT$/, how: 'stalled-unanswered' });
    const sleeps = "DO $$ BEGIN RAISE NOTICE 'asleep'; PERFORM pg_sleep(0.2); CREATE TEMP TABLE t (); END $$";
    vi.useFakeTimers(TIMERS);
    onTestFinished(() => void vi.useRealTimers());
    const lines: string[] = [];
    let hear = () => {};
    const asleep = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const onLine = (line: string) => {
      lines.push(line);
      if (line === 'NOTICE: asleep') hear();
    };
    const controller = new AbortController();
    const { signal } = controller;
    const running = runSql(
      way.connect,
      login,
      requestOf(blockWith(sleeps, [], 'timeout=1h'), { onLine, signal }),
    );
    await asleep;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lines.slice(1)).toEqual(['NOTICE: asleep']);
    await way.severed;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lines.slice(2)).toEqual(['no answer from PostgreSQL (postgres) for 10 s']);
    way.cut();
    vi.useRealTimers();
    controller.abort();
    await running.catch(() => undefined);
  });

  it('is not even asked once the run was interrupted', async () => {
    const connect = () => {
      throw new Error('it was asked');
    };
    await expect(run(connect, '', AbortSignal.abort())).rejects.toThrow('interrupted');
  });
});
