import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { printed } from '../support/awaiting.ts';
import { expectGolden } from '../support/golden.ts';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

const PATIENTLY = { timeout: 200_000, interval: 100 };

const sh = (name: string, text: string, attributes = '') => [
  `\`\`\`sh { name=${name} on=nas ${attributes} }`,
  text,
  '```',
  '',
];
const expecting = (name: string, text: string, expected: string, attributes = '') => [
  ...sh(name, text, attributes),
  ...['**Expected output:**', `- ${expected}`, ''],
];

const ONE = sh('one', marking('one', 'export BACKUP=backups/x.dump'));
const TWO = sh('two', marking('two', '[ -e mended ]'));

describeWith(['sshd'], 'a run that was disturbed', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());
  beforeEach(() => clear('marks', 'mended', 'begun', 'go', 'version'));

  const { read, marks, leave, runs, report, run, clear } = tracesOn(() => host);

  /** A run of these steps that fails at its block `two`. */
  const failAtTwo = async (...blocks: string[][]) => {
    await host.write(step(...blocks));
    expect(await run()).toMatchObject({ status: 1 });
  };

  describe('in a document that changed since', () => {
    it('does not take a block for done that only has the name of one that passed', async () => {
      await failAtTwo(ONE, TWO);
      await leave('mended');
      await host.write(step(sh('one', marking('another')), TWO));
      const refused = await run('--resume');
      await expectGolden(
        'golden/resume-changed.txt',
        { exitCode: refused.status, ...refused },
        { here: host.here },
      );
      expect(await marks()).toEqual(['one', 'two']);
      const words = ['--resume', '--again', 'one', '--again', 'two', '--accept-changes'];
      expect(await run(...words)).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'another', 'two']);
    });

    it('carries over what is only called otherwise, and runs what is new; what is gone does no harm', async () => {
      await failAtTwo(ONE, sh('gone', marking('gone')), TWO);
      await leave('mended');
      const renamed = sh('first', marking('one', 'export BACKUP=backups/x.dump'));
      await host.write(step(renamed, sh('new', marking('new', ': "$BACKUP"')), TWO));
      const refused = await run('--resume', '--again', 'two');
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      for (const line of ['renamed: one is now first', 'inserted: new', 'removed: gone'])
        expect(refused.stderr).toContain(`  ${line}: --accept-changes goes on with it`);
      const ended = await run('--resume', '--again', 'two', '--accept-changes');
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(ended.stdout).toMatch(/\n\S+ \[1\/\d\] ↷ first: passed in run \S+, \d+ seconds? ago\n/);
      expect(await marks()).toEqual(['one', 'gone', 'two', 'new', 'two']);
      const { blocks, totals } = await report();
      expect(blocks.map(({ name, carried }) => [name, carried?.because ?? null])).toEqual([
        ['first', 'passed'],
        ['new', null],
        ['two', null],
      ]);
      expect(totals).toMatchObject({ blocks: 3, blocks_passed: 3 });
    });
  });

  describe('whose tool was killed', () => {
    /** A run whose tool is killed in the middle of its block `two`, which lasts until a file `go` is there. */
    const killed = async () => {
      const waits = 'echo $$ > begun; while [ -e begun ] && [ ! -e go ]; do sleep 0.1; done; echo ended';
      await host.write(
        step(ONE, expecting('two', marking('two', waits), 'prints "ended"'), sh('three', 'true')),
      );
      const running = host.start('main', '--yes');
      onTestFinished(() => rm(join(host.directory, 'begun'), { force: true }));
      await expect.poll(() => read('begun'), PATIENTLY).not.toBe('');
      running.kill('SIGKILL');
      await running.ended;
    };

    it('waits for the block that still runs, and judges it', async () => {
      await killed();
      const resumed = run('--resume');
      await expect.poll(async () => (await runs()).length, PATIENTLY).toBe(2);
      await leave('go');
      expect(await resumed).toMatchObject({ status: 0, stderr: '' });
      expect(await marks()).toEqual(['one', 'two']);
    });

    it('judges a block that has ended meanwhile as if nothing had happened', async () => {
      await killed();
      await leave('go');
      expect(await run('--resume')).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two']);
      expect((await report()).blocks.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
    });

    it('is told of by a plain run, with its age and how to go on with it, on one line', async () => {
      await killed();
      await leave('go');
      const [id] = await runs();
      const { stdout } = await run();
      const line = stdout.split('\n').find((one) => one.startsWith('there is an unfinished run'));
      expect(line).toMatch(
        new RegExp(
          `^there is an unfinished run, ${id} \\(main, without an end, \\d+ seconds? ago\\); ` +
            `to go on with it: npm run .* run main --on nas --resume ${id} --unrehearsed 'this is a spec'$`,
        ),
      );
    });
  });

  describe('and is named', () => {
    it('is resumed by the beginning of its id, and by no other word', async () => {
      await failAtTwo(ONE, TWO);
      await leave('mended');
      const [id = ''] = await runs();
      const wrong = await run('--resume', '19990101', '--again', 'two');
      expect(wrong.status).toBe(2);
      expect(wrong.stderr).toMatch(
        new RegExp(`^there is no run 19990101 on nas: there is ${id} \\(main, failed, \\d+ seconds? ago\\)$`),
      );
      expect(await host.start('two', '--yes', '--resume', id).ended).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`run ${id} is one of main, not of two`),
      });
      expect(await run('--resume', id.slice(0, 15), '--again', 'two')).toMatchObject({ status: 0 });
      expect(await run('--resume', id)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(
          new RegExp(`^run ${id} has been gone on with by run \\S+: there is none`),
        ),
      });
    });

    it('and behind which another has written on the host needs a word for that', async () => {
      const back = ['## Back', '', ...sh('undo', marking('undo'))];
      await host.write([...step(ONE, TWO), ...back]);
      expect(await run()).toMatchObject({ status: 1 });
      expect(await host.start('back', '--yes').ended).toMatchObject({ status: 0 });
      await leave('mended');
      const refused = await run('--resume', '--again', 'two');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(
        /\n {2}another run has written on the host since: \S+ \(back, passed, \d+ seconds? ago\): --accept-changes/,
      );
      expect(await run('--resume', '--again', 'two', '--accept-changes')).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'undo', 'two']);
    });
  });

  describe('at a block that failed', () => {
    it('takes it as done where the person says so', async () => {
      await failAtTwo(ONE, TWO, sh('three', marking('three')));
      const { status, stdout } = await run('--resume', '--done', 'two');
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /\n\S+ \[2\/3\] ↷ two: is done, as the person says; begun in run \S+, \d+ seconds? ago\n/,
      );
      expect(stdout).toContain('3 of 3 blocks');
      expect(await marks()).toEqual(['one', 'two', 'three']);
    });

    it('refuses a word about a block that needs none', async () => {
      await failAtTwo(ONE, TWO);
      expect(await run('--resume', '--again', 'tow')).toMatchObject({
        status: 2,
        stderr: '--again tow: `tow` needs no decision: did you mean `two`?',
      });
      expect(await run('--again', 'two')).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/--resume/),
      });
      expect(await marks()).toEqual(['one', 'two']);
    });

    const PROBED = [
      sh('migrate', marking('migrate', '[ -e mended ] || { echo 2 > version; false; }'), 'done=version'),
      expecting('version', 'cat version', 'prints "2"', 'effect=reads'),
    ];

    it('asks its probe, which says that it is done', async () => {
      await failAtTwo(...PROBED);
      const { status, stdout } = await run('--resume');
      expect(status).toBe(0);
      expect(stdout).toMatch(
        / \? version-probe: migrate is done\n\S+ \[\d\/\d\] ↷ migrate: is done, as its probe says/,
      );
      expect(await marks()).toEqual(['migrate']);
      expect(await report()).toMatchObject({
        totals: { blocks: 2, blocks_passed: 2 },
        probes: [{ name: 'version-probe', of: 'migrate', status: 'passed' }],
      });
    });

    it('asks its probe, which says that it is not done', async () => {
      await failAtTwo(...PROBED);
      await writeFile(join(host.directory, 'version'), '1');
      await leave('mended');
      const { stdout } = await run('--resume');
      expect(stdout).toContain(' ? version-probe: migrate is not done\n');
      expect(await marks()).toEqual(['migrate', 'migrate']);
    });
  });

  describe('what a step left', () => {
    it('counts once all of the step passed: a second, mistaken main leaves the backup of the first', async () => {
      const main = (backup: string, then: string) =>
        step(sh('back-up', `export BACKUP=backups/${backup}`), sh('prove', then));
      const back = [
        '## Back',
        '',
        ...expecting('look', 'echo "$BACKUP"', 'prints "backups/first"', 'effect=reads'),
      ];
      await host.write([...main('first', 'true'), ...back]);
      expect(await run()).toMatchObject({ status: 0 });
      await host.write([...main('second', 'false'), ...back]);
      expect(await run()).toMatchObject({ status: 1 });
      expect(await host.start('back', '--yes').ended).toMatchObject({ status: 0 });
      await host.write([...main('third', 'true'), ...back]);
      expect(await host.start('back-up', '--yes').ended).toMatchObject({ status: 0 });
      expect(await host.start('back', '--yes').ended).toMatchObject({ status: 0 });
    });

    it('and is a secret is asked for again, and is never ***', async () => {
      const login = sh('login', `export SESSION_TOKEN=$(printf 'tok-%d-and-more' $((4700 + 11)))`);
      const fetch = expecting(
        'fetch',
        'test -e mended && echo "${SESSION_TOKEN#tok-}" | cut -c 1-2',
        'prints "47"',
      );
      const call = [
        ...['```sh { name=call on=local }', '[ "$SHOP_TOKEN" = "shp-$((800 + 15))" ]'],
        '```',
        '',
      ];
      await host.write(step(login, fetch, call));
      onTestFinished(() => void vi.unstubAllEnvs());
      vi.stubEnv('SHOP_TOKEN', 'shp-815');
      expect(await run()).toMatchObject({ status: 1 });
      vi.stubEnv('SHOP_TOKEN', undefined);
      await leave('mended');
      const refused = await run('--resume', '--again', 'fetch');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(
        /\n {2}SESSION_TOKEN, which login left in run \S+ and fetch uses, is a secret and stands in no journal: put it into/,
      );
      expect(refused.stderr).toMatch(
        /\n {2}SHOP_TOKEN, which the environment held in run \S+ and call uses, is a secret and stands in no journal: put it into/,
      );
      vi.stubEnv('SESSION_TOKEN', 'tok-4711-and-more');
      vi.stubEnv('SHOP_TOKEN', 'shp-815');
      expect(await run('--resume', '--again', 'fetch')).toMatchObject({ status: 0 });
      for (const id of await runs())
        expect(await readFile(join(host.here, '.runbook', 'runs', id, 'journal.jsonl'), 'utf8')).not.toMatch(
          /4711-and-more|shp-815/,
        );
    });
  });

  describe('before a block that destroys', () => {
    const DESTROYS = [ONE, sh('wipe', marking('wipe', ': "$BACKUP"'), 'effect=destroys')];

    it('nothing runs where nobody can be asked, and it is not allowed by name', async () => {
      await host.write(step(...DESTROYS, sh('burn', 'true', 'effect=destroys')));
      const refused = await run('--allow', 'burn');
      await expectGolden(
        'golden/resume-gates.txt',
        { exitCode: refused.status, ...refused },
        { here: host.here },
      );
      expect(await marks()).toEqual([]);
      expect(await run('--allow', 'wype')).toMatchObject({
        status: 2,
        stderr: '--allow wype: `wype` is no block of this procedure that destroys: did you mean `wipe`?',
      });
    });

    it('where nobody can be asked it is told what is used, of which run, and on what', async () => {
      const back = ['## Back', '', ...sh('restore', marking('restore', ': "$BACKUP"'), 'effect=destroys')];
      await host.write([...step(ONE), ...back]);
      expect(await run()).toMatchObject({ status: 0 });
      const [id = ''] = await runs();
      const refused = await host.start('back', '--yes').ended;
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      expect(refused.stderr).toMatch(
        new RegExp(
          '^  restore destroys, on nas, database crosshot; it uses BACKUP=backups/x\\.dump ' +
            `\\(left by one in run ${id}, \\d+ seconds? ago\\): --allow restore lets it run$`,
          'm',
        ),
      );
      expect(await host.start('back', '--yes', '--allow', 'restore').ended).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'restore']);
    });

    it('it is allowed by name, and the values that it uses are shown all the same', async () => {
      await host.write(step(...DESTROYS));
      const { status, stdout } = await run('--allow', 'wipe');
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /\n\S+ \? wipe destroys, on .*nas.*, database crosshot; it uses BACKUP=backups\/x.dump \(left by one in this run, \d seconds? ago\) \(yes\)\n/,
      );
      expect((await report()).questions).toMatchObject([{ answer: 'yes' }]);
      expect(await marks()).toEqual(['one', 'wipe']);
    });

    it('the person types its name in full, or it does not run', async () => {
      await host.write(step(...DESTROYS));
      const shut = host.startAtTerminal('main', '--yes');
      await printed(shut.stdout, 'Type wipe');
      shut.stdin.write('y\r');
      expect((await shut).exitCode).toBe(3);
      expect(await marks()).toEqual(['one']);
      expect(await report()).toMatchObject({ status: 'aborted', why: 'wipe was not allowed' });
      const resumed = host.startAtTerminal('main', '--yes', '--resume');
      await printed(resumed.stdout, 'Type wipe');
      resumed.stdin.write('wipe\r');
      expect((await resumed).exitCode).toBe(0);
      expect(await marks()).toEqual(['one', 'wipe']);
    });
  });

  it('at a terminal asks for what changed, for each block, and for secrets, which are not shown', async () => {
    const login = sh('login', `export SESSION_TOKEN=$(printf 'tok-%d-and-more' $((4700 + 11)))`);
    const fetch = (name: string) =>
      sh(name, marking('fetch', 'test -e mended && test "$SESSION_TOKEN" = tok-$((4700 + 11))-and-more'));
    const call = [
      ...['```sh { name=call on=local }', '[ "$SHOP_TOKEN" = "shp-$((800 + 15))" ]', '```', ''],
      ...sh('there', '[ -z "${SHOP_TOKEN-}" ]'),
    ];
    await host.write(step(login, fetch('fetch'), call));
    vi.stubEnv('SHOP_TOKEN', 'shp-815');
    expect(await run()).toMatchObject({ status: 1 });
    vi.unstubAllEnvs();
    await leave('mended');
    await host.write(step(login, fetch('get'), call));
    const terminal = host.startAtTerminal('main', '--yes', '--resume');
    const questions = ['all the same?', 'Type get', 'get uses', 'call uses'];
    const asked = questions.map((text) => printed(terminal.stdout, text));
    await asked[0];
    terminal.stdin.write('y');
    await asked[1];
    terminal.stdin.write('get\r');
    await asked[2];
    terminal.stdin.write('tok-4711-and-more\r');
    await asked[3];
    terminal.stdin.write('shp-815\r');
    const { exitCode, stdout } = await terminal;
    expect(stdout).toContain('renamed: fetch is now get');
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/4711|shp-815/);
    expect(await marks()).toEqual(['fetch', 'fetch']);
  });

  it('at a terminal is left alone by any word that is not the block’s name', async () => {
    await failAtTwo(ONE, TWO);
    const terminal = host.startAtTerminal('main', '--yes', '--resume');
    await printed(terminal.stdout, 'Type two');
    terminal.stdin.write('tw\r');
    const { exitCode, stdout } = await terminal;
    expect(stdout).toContain('nothing was run');
    expect(exitCode).toBe(130);
    expect(await marks()).toEqual(['one', 'two']);
  });
});
