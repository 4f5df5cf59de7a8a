import { appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { shellOutput } from '../support/blocks.ts';
import { describeEachReplica, type SpecStage } from '../support/stage.ts';
import { connect } from '../support/states.ts';

/** How long a line may take from the server to the engine's log. */
const PATIENTLY = { timeout: 120_000, interval: 250 };

describeEachReplica([], (stage, kind) => {
  beforeAll(() => stage.pass('start-services'));

  /** What a block takes for errors, a line each. */
  const errorsOf = async (block: string) => {
    const { stdout } = shellOutput(await stage.run([block], { retry: false }), block);
    return stdout.text.split('\n').filter((line) => line !== '' && !/^\d+ lines read$/.test(line));
  };

  /** Waits until a block finds one error more, and expects it to be this one. */
  const expectFound = async (block: string, error: RegExp) => {
    await expect.poll(() => errorsOf(block), PATIENTLY).toContainEqual(expect.stringMatching(error));
    expect((await stage.run([block], { retry: false }))[0]?.outcome.status).toBe('failed');
  };

  test('that autovacuum gave way to a DDL stops nothing', async () => {
    await stage.query(`ALTER SYSTEM SET autovacuum_naptime = '1s'`);
    await stage.query('SELECT pg_reload_conf()');
    await busyTable(stage);
    await expect.poll(() => isVacuumed(stage), PATIENTLY).toBe(true);
    await stage.query('ALTER TABLE busy ADD COLUMN more int');
    const logged = `docker compose logs postgres | grep -c 'ERROR:  canceling autovacuum task' || true`;
    await expect.poll(() => stage.shell('nas', logged), PATIENTLY).not.toBe('0\n');
    await stage.pass('logs-after-start', 'api-database', 'recent-errors', 'success-logs');
    await stage.query('DROP TABLE busy');
  });

  test('that a connection was ended, or a query cancelled, stops nothing', async () => {
    const other = await connect(stage.url);
    const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const sleeping = other.query('SELECT pg_sleep(3600)').catch((error: { code: string }) => error.code);
    const isAsleep = () =>
      stage.query(`SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`, [rows[0]?.pid]);
    await expect.poll(isAsleep, PATIENTLY).toHaveLength(1);
    await stage.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid]);
    expect(await sleeping).toBe('57014');
    await stage.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    const logged = `docker compose logs postgres | grep -c 'FATAL:  terminating connection due to' || true`;
    await expect.poll(() => stage.shell('nas', logged), PATIENTLY).toBe('1\n');
    await stage.pass('recent-errors');
  });

  if (kind === 'embedded')
    describe('of the lines that a service may print', () => linesOfServices(stage, errorsOf));

  test('a query for what does not exist is found', async () => {
    await expect(stage.query('SELECT FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
    await expectFound('recent-errors', /ERROR: {2}relation "nowhere" does not exist/);
  });

  test('a violated foreign key is found, by the criterion too', async () => {
    const orphaned = stage.query(`UPDATE contents SET topic_id = '00000000-0000-0000-0000-000000000000'`);
    await expect(orphaned).rejects.toMatchObject({ code: '23503' });
    await expectFound('recent-errors', /ERROR: {2}insert or update .* violates foreign key constraint/);
    await expectFound('success-logs', /violates foreign key constraint/);
  });

  test('a role that is refused is found', async () => {
    const asNobody = Object.assign(new URL(stage.url), { pathname: '/nowhere' }).href;
    await expect(connect(asNobody)).rejects.toMatchObject({ code: '3D000' });
    await expectFound('recent-errors', /FATAL: {2}database "nowhere" does not exist/);
  });

  test('a task that its service gave up is found, by the look after the start too', async () => {
    await giveHopelessTask(stage);
    for (const block of ['recent-errors', 'logs-after-start'])
      await expectFound(block, /crawler\S* +\| ERROR: +task \S+ failed: a crawl needs/);
  });
});

/** A table that is vacuumed at once, and for longer than any spec lasts. */
async function busyTable(stage: SpecStage): Promise<void> {
  await stage.query(`CREATE TABLE busy (id int, filler text) WITH (
    autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)`);
  await stage.query(`INSERT INTO busy SELECT i, repeat('x', 500) FROM generate_series(1, 50000) AS i`);
  await stage.query('UPDATE busy SET id = id + 1');
}

const isVacuumed = async (stage: SpecStage) => {
  const workers = await stage.query(`
    SELECT FROM pg_stat_progress_vacuum WHERE relid = 'busy'::regclass AND phase = 'scanning heap'`);
  return workers.length > 0;
};

const HOPELESS = '00000000-0000-4000-8000-000000000000';

/** A crawl of nothing: the crawler says that it failed, and the database has no part in it. */
async function giveHopelessTask(stage: SpecStage): Promise<void> {
  const task = JSON.stringify({
    id: HOPELESS,
    label: 'crawler:web',
    priority: 5,
    payload: {},
    created_at: new Date().toISOString(),
    retry_count: 3,
    max_retries: 3,
  });
  const redis = 'docker compose exec -T redis redis-cli';
  await stage.shell(
    'nas',
    `${redis} SET task:${HOPELESS} '${task}'; ${redis} ZADD task:queue:crawler:web 1 ${HOPELESS}`,
  );
}

/** Lines as usual loggers write them, by what they are. */
const ERRORS = [
  'ERROR:    Exception in ASGI application',
  'ERROR:crawler:no answer from x.com',
  '2026-03-01 02:00:00,123 - analyst - ERROR - the model does not answer',
  '2026-03-01 02:00:00.123 | CRITICAL | main:run:12 - out of disk',
  '2026-03-01 02:00:00 [error    ] crawl failed                  topic=42',
  '[ERROR] crawl failed',
  'time=2026-03-01T02:00:00Z level=error msg="crawl failed"',
  '{"event": "crawl failed", "level": "error"}',
  '{"levelname":"ERROR","message":"crawl failed"}',
  'Traceback (most recent call last):',
  'asyncpg.exceptions.UndefinedTableError: relation "topics" does not exist',
  'TypeError: undefined is not a function',
  'KeyError',
];
const NO_ERRORS = [
  'INFO:     GET /api/topics?query=error 200 3 ms',
  'INFO:     task 42 completed: {"errors":0,"name":"Quantum Error Correction","error":null}',
  'WARNING:  task 42 is tried again: fetch error: timed out',
  '2026-03-01 02:00:00,123 - analyst - INFO - 0 errors, no exception',
  '2026-03-01 02:00:00 [info     ] error_count=0 last_error=None',
  '{"level":"info","error":null,"message":"ERROR is a word in a title"}',
  'INFO:     canceling autovacuum task is no error of ours',
];
const OF_POSTGRES = {
  errors: [
    'ERROR:  deadlock detected',
    'ERROR:  canceling statement due to statement timeout',
    'FATAL:  password authentication failed for user "crosshot"',
    'FATAL:  role "postgres" does not exist',
    'FATAL:  the database system is in recovery mode',
    'PANIC:  could not write to file "pg_wal/xlogtemp.42": No space left on device',
    'LOG:  server process (PID 42) was terminated by signal 9: Killed',
  ],
  others: [
    'LOG:  could not receive data from client: Connection reset by peer',
    'LOG:  unexpected EOF on client connection with an open transaction',
    'WARNING:  there is no transaction in progress',
    "STATEMENT:  SELECT 'error'",
    'FATAL:  terminating autovacuum process due to administrator command',
    'FATAL:  the database system is starting up',
    'FATAL:  the database system is shutting down',
    'FATAL:  connection to client lost',
    'FATAL:  role "root" does not exist',
    'FATAL:  database "crosshot" does not exist',
  ],
};
const OF_REDIS = {
  errors: ['1:M 01 Mar 2026 02:00:00.000 # Background saving error'],
  others: [
    '1:C 01 Mar 2026 02:00:00.000 # WARNING Memory overcommit must be enabled! Without it, a save may fail',
    '1:M 01 Mar 2026 02:00:00.000 # User requested shutdown...',
  ],
};

function linesOfServices(stage: SpecStage, errorsOf: (block: string) => Promise<string[]>): void {
  const logOf = (service: string) => join(stage.directory, '..', 'logs', `${service}.log`);
  const print = (service: string, lines: string[]) => {
    const time = new Date().toISOString().replace('Z', '000000Z');
    return appendFile(logOf(service), lines.map((line) => `${time} ${line}\n`).join(''));
  };
  const withoutPrefix = (lines: string[]) => lines.map((line) => line.replace(/^\S+ +\| /, ''));

  afterEach(async () => {
    for (const service of ['crawler', 'postgres', 'redis']) await truncate(logOf(service));
  });

  test.each(['logs-after-start', 'recent-errors'])('%s finds the errors and no others', async (block) => {
    await print('crawler', [...NO_ERRORS, ...ERRORS]);
    expect(withoutPrefix(await errorsOf(block))).toEqual(ERRORS);
  });

  test('recent-errors finds those of PostgreSQL and Redis, whatever stands before the severity', async () => {
    for (const prefix of ['2026-03-01 02:00:00.123 UTC [42] ', 'crosshot@crosshot 42: ', '']) {
      const lines = (of: string[]) => of.map((line) => prefix + line);
      await print('postgres', lines([...OF_POSTGRES.others, ...OF_POSTGRES.errors]));
      expect(withoutPrefix(await errorsOf('recent-errors'))).toEqual(lines(OF_POSTGRES.errors));
      await truncate(logOf('postgres'));
    }
    await print('redis', [...OF_REDIS.others, ...OF_REDIS.errors]);
    expect(withoutPrefix(await errorsOf('recent-errors'))).toEqual(OF_REDIS.errors);
  });

  test('the criterion finds a violated foreign key that a service speaks of, as an error only', async () => {
    const violated = 'insert on table "contents" violates foreign key constraint "contents_topic_id_fkey"';
    await print('crawler', [`INFO:     what to do where an ${violated}`, `LOG:  statement: -- ${violated}`]);
    expect(await errorsOf('success-logs')).toEqual([]);
    const exception = `asyncpg.exceptions.ForeignKeyViolationError: ${violated}`;
    await print('crawler', [exception]);
    expect(withoutPrefix(await errorsOf('success-logs'))).toEqual([exception]);
  });

  test('an api that says its database does not answer is not connected to it', async () => {
    await print('api', ['ERROR:    the database does not answer: connect ENOENT']);
    const [finished] = await stage.run(['api-database'], { retry: false });
    expect(finished?.outcome.status).toBe('failed');
    await truncate(logOf('api'));
  });
}
