import { connect, type Socket } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { NEVER } from '../../tools/host/interruption.ts';
import { type LockTimes, lockServer } from '../../tools/host/lock.ts';

const login = { service: 'postgres', user: 'crosshot', name: 'not-asked' };
const open = () => connect(join(inject('postgresSocketDirectory'), '.s.PGSQL.5432'));
const silently: LockTimes = { idleS: 90, heartbeatMs: 3_600_000 };

async function take(times = silently, connectTo: () => Duplex = open) {
  const lock = await lockServer(connectTo, login, (pid) => `end ${pid}`, times);
  onTestFinished(() => lock.release());
  return lock;
}

/** The server lets go of a session that was ended a moment later. */
const takeWhenFree = () =>
  expect
    .poll(
      () =>
        take()
          .then(() => 'taken')
          .catch(() => 'refused'),
      { timeout: 120_000 },
    )
    .toBe('taken');

/** The session that has the lock, as anybody can see it. */
async function holder() {
  const [row] = await ask(
    `SELECT pid, state_change AS said FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND application_name LIKE 'runbook%'`,
  );
  return row as { pid: number; said: Date } | undefined;
}

const endSessionOf = (pid: number | undefined) => ask('SELECT pg_terminate_backend($1)', pid);

async function ask(sql: string, ...values: unknown[]): Promise<unknown[]> {
  const client = new pg.Client({
    host: inject('postgresSocketDirectory'),
    user: 'crosshot',
    database: 'postgres',
  });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

it('a second one is refused, and told who, which run, since when, how long silent, and the way out', async () => {
  const lock = await take();
  await lock.nameRun('20260301-020000-abcd');
  const refusal = await lockServer(open, login, (pid) => `end ${pid}`).catch((error: Error) => error.message);
  const pid = (await holder())?.pid;
  expect(refusal).toMatch(
    /since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, .*, last sign of life \d+ s ago; wait for its end/,
  );
  expect(refusal).toContain(`runbook 20260301-020000-abcd ${userInfo().username}@${hostname()}`.slice(0, 63));
  expect(refusal).toContain(`process ${pid} of the server`);
  expect(refusal).toContain(`90 s after its last sign of life the server lets go of it by itself`);
  expect(refusal).toMatch(new RegExp(`this ends it at once: end ${pid}$`));
  await lock.release();
  await take();
});

it('a silent one, whose link is dead, is let go by the server', async () => {
  await take({ idleS: 1, heartbeatMs: 3_600_000 });
  await takeWhenFree();
});

it('its sign of life keeps it', async () => {
  await take({ idleS: 90, heartbeatMs: 20 });
  const first = (await holder())?.said.getTime() ?? 0;
  await expect
    .poll(async () => (await holder())?.said.getTime(), { timeout: 120_000 })
    .toBeGreaterThan(first);
});

it('where its session was ended, it is taken again before anything goes on, and says so', async () => {
  const lock = await take();
  const said: string[] = [];
  await lock.hold((line) => said.push(line), NEVER);
  expect(said).toEqual([]);
  const before = (await holder())?.pid;
  await endSessionOf(before);
  await Promise.all([1, 2].map(() => lock.hold((line) => said.push(line), NEVER)));
  expect(said).toEqual([expect.stringMatching(/^the lock was lost \(.+\): for 60 s/), 'the lock is back']);
  expect((await holder())?.pid).not.toBe(before);
});

it('where another has it by then, nothing goes on', async () => {
  const lock = await take();
  await endSessionOf((await holder())?.pid);
  await takeWhenFree();
  await expect(lock.hold(() => undefined, NEVER)).rejects.toThrow(/^another run is at work there: runbook /);
});

/** Links of which the near end can go away without the far one being told. */
function halfDeadLinks() {
  const links: { near: Duplex; far: Socket }[] = [];
  const connectTo = () => {
    const far = open();
    const near = new Duplex({
      read() {},
      write: (chunk, _encoding, done) => void far.write(chunk, () => done()),
    });
    far.on('data', (chunk) => near.push(chunk));
    far.once('close', () => near.destroy());
    links.push({ near, far });
    onTestFinished(() => void far.destroy());
    return near;
  };
  return { links, connectTo };
}

it('its own session, which the server still believes in, does not keep it out', async () => {
  const { links, connectTo } = halfDeadLinks();
  const lock = await take(silently, connectTo);
  const before = (await holder())?.pid;
  links[0]?.near.destroy();
  await lock.hold(() => undefined, NEVER);
  expect(links).toHaveLength(2);
  expect((await holder())?.pid).not.toBe(before);
});

it('nor the next run, where the link died at the very end', async () => {
  const { links, connectTo } = halfDeadLinks();
  const lock = await take(silently, connectTo);
  links[0]?.near.destroy();
  await lock.release();
  await take();
});

it('where another run has it by then, that one keeps it', async () => {
  const lock = await take();
  await endSessionOf((await holder())?.pid);
  await takeWhenFree();
  const others = (await holder())?.pid;
  await lock.release();
  expect((await holder())?.pid).toBe(others);
});
