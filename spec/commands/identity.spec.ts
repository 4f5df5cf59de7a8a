import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

const PATIENTLY = { timeout: 200_000, interval: 100 };

const block = (info: string, text: string) => [`\`\`\`${info}`, text, '```', ''];
const sh = (name: string, text: string) => block(`sh { name=${name} on=nas }`, marking(name, text));
const select = [
  ...block('sql { name=two }', "SELECT count(*) AS two FROM pg_database WHERE datname LIKE 'template_';"),
  '**Expected output:** two is 2',
  '',
];
const waiting = sh('one', 'touch begun; while [ ! -e go ]; do sleep 0.1; done');

describeWith(['sshd'], 'a run is bound to what it began on', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());
  beforeEach(async () => {
    await host.answerWith('the first');
    await clear('marks', 'begun', 'go');
  });

  const { marks, leave, report, run, clear } = tracesOn(() => host);
  const begun = () => existsSync(join(host.directory, 'begun'));

  /** A run that is held in its first block while `between` happens. */
  const runAround = async (between: () => Promise<void>) => {
    const running = host.start('main', '--yes');
    onTestFinished(async () => {
      await leave('go');
      await running.ended;
    });
    let ended = '';
    running.ended.then(({ stderr }) => {
      ended = stderr;
    });
    await expect.poll(() => ended || begun(), PATIENTLY).toBe(true);
    await between();
    await leave('go');
    return running.ended;
  };

  it('it is recorded, and shown as it begins', async () => {
    await host.write(step(sh('one', 'true')));
    const { stdout } = await run();
    const { identity } = await report();
    expect(identity).toMatchObject({ host: hostname(), directory: host.directory, database: 'crosshot' });
    expect(stdout).toContain(
      `, ${host.directory}, database crosshot of cluster ${identity?.system_identifier}`,
    );
    expect(stdout).toContain('not rehearsed: this is a spec');
  });

  it.each([
    ['a shell that writes', sh('two', 'true')],
    ['SQL that writes', block('sql { name=two }', 'CREATE TABLE two ();')],
    ['SQL that reads', select],
  ])('another cluster behind the same name in mid-run is refused before %s', async (_, two) => {
    await host.write(step(waiting, two));
    const { status, stdout } = await runAround(() => host.answerWith('another'));
    expect(status).toBe(3);
    expect(stdout).toMatch(/it was cluster (\d{15,}), and is now (cluster )?(?!\1)\d{15,}/);
    expect(await report()).toMatchObject({
      status: 'aborted',
      blocks: [{ status: 'passed' }, { name: 'two', status: 'not-run' }],
    });
    expect(await marks()).toEqual(['one']);
  });

  it('and so it is on resume, with both', async () => {
    await host.write(step(sh('one', 'true'), sh('two', '[ -e go ]')));
    expect(await run()).toMatchObject({ status: 1 });
    await leave('go');
    await host.answerWith('another');
    const { status, stderr } = await run('--resume', '--again', 'two');
    expect(stderr).toMatch(
      /^nas is not what the run \S+ was bound to: it was cluster \d+, and is now cluster \d+; nothing was run$/,
    );
    expect(status).toBe(3);
    expect(await marks()).toEqual(['one', 'two']);
    await host.answerWith('the first');
    expect(await run('--resume', '--again', 'two')).toMatchObject({ status: 0 });
  });

  it('a lost lock is taken again before anything goes on, and says so', async () => {
    await host.write(step(waiting, select));
    const { status, stdout } = await runAround(async () => {
      await host.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'runbook 2%'`,
      );
    });
    expect(stdout).toMatch(/the lock was lost \(.+\)[\s\S]*the lock is back\n[\s\S]*✓ two/);
    expect(status).toBe(0);
  });

  it('sessions that dead tools left idle are ended first, and those at work are left', async () => {
    const nobody = `SELECT count(*) AS others FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'runbook%'`;
    await host.write(step(block('sql { name=one }', nobody), ['**Expected output:** others is 1', '']));
    const [idle, inTransaction, atWork] = await Promise.all(
      ['a', 'b', 'c'].map((letter) => host.session(`runbook ${letter.repeat(32)}`)),
    );
    const ended = [idle, inTransaction].map(
      (client) => new Promise<void>((resolve) => client?.once('end', resolve)),
    );
    await inTransaction?.query('BEGIN');
    const sleeping = atWork?.query('SELECT pg_sleep(600)').catch(() => undefined);
    expect(await run()).toMatchObject({ status: 0 });
    await Promise.all(ended);
    await host.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'`,
    );
    await sleeping;
  });
});
