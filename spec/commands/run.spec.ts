import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { type HostName, makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

const PATIENTLY = { timeout: 200_000, interval: 100 };

/** A fence, and what is expected of it. */
const fence = (info: string, text: string, ...expected: string[]) => [
  `\`\`\`${info}`,
  text,
  '```',
  '',
  ...(expected.length > 0 ? ['**Expected output:**', ...expected.map((line) => `- ${line}`), ''] : []),
];
const sh = (name: string, text: string, ...expected: string[]) =>
  fence(`sh { name=${name} on=nas }`, text, ...expected);

/** What is said where the newest one came to its end. */
const PASSED =
  /^there is no unfinished run of main on nas to resume: the newest, \S+ \(main, passed, [^)]+\)$/;
const REFUSED = 'there is no unfinished run of main on nas to resume: none is recorded here';

/** Three blocks, the second of which fails until there is a file `mended`. */
const THREE = step(
  sh('one', marking('one', 'export BACKUP=backups/x.dump')),
  sh('two', marking('two', '[ -e mended ]')),
  sh('three', marking('three', 'echo "$BACKUP"'), 'prints "backups/x.dump"'),
);

describeWith(['sshd'], 'a real run', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());
  beforeEach(() => clear('marks', 'mended', 'begun', 'go'));

  const { read, marks, leave, runs, newest, report, run, clear } = tracesOn(() => host);
  const statuses = async () => (await report()).blocks.map(({ name, status }) => `${name}: ${status}`);
  /** Goes on with the second block, which failed and writes. */
  const runAgain = () => run('--resume', '--again', 'two');

  /** The whole output of a run is that of a golden file. */
  const golden = (name: string, { status, ...printed }: Awaited<ReturnType<typeof run>>) =>
    expectGolden(
      `golden/run-${name}.txt`,
      { exitCode: status, ...printed },
      { host: host.directory, here: host.here, user: `${userInfo().username}@${hostname()}` },
    );

  /** A run of those three that failed; from now on the second will pass. */
  const failAtTheSecond = async (name?: HostName) => {
    await host.write(THREE, name);
    const failed = await run();
    expect(failed).toMatchObject({ status: 1, stderr: '' });
    expect(await statuses()).toEqual(['one: passed', 'two: failed', 'three: not-run']);
    await leave('mended');
    return failed;
  };

  it('goes from its first block to its last: on the host, in its database, in a service, and beside it', async () => {
    await host.write(
      step(
        sh('there', 'pwd; docker compose ps --services', `prints "${host.directory}"`, 'prints "postgres"'),
        fence('sql { name=database }', 'SELECT current_database() AS name;', 'name is crosshot'),
        fence('sh { name=inside on=postgres }', 'psql -U crosshot -qAtXc "SELECT 40 + 2"', 'prints "42"'),
        fence('sh { name=here on=local }', 'psql "$DATABASE_URL" -qAtXc "SELECT 40 + 2"; pwd', 'prints "42"'),
      ),
    );
    const ended = await run();
    const { status, stdout, stderr } = ended;
    await golden('passed', ended);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('4 of 4 blocks and 5 of 5 expectations passed');
    const { target, blocks } = await report();
    expect(target).toEqual({ name: 'nas', kind: 'nas', server_version: '14.23' });
    expect(blocks.at(-1)?.stdout).toBe(`42\n${host.here}\n`);
    expect(JSON.parse(await readFile(join(await newest(), 'report.json'), 'utf8'))).toEqual(await report());
  });

  describe('that failed', () => {
    it('ends with 1, and --resume goes on with the block that failed, once the person says so', async () => {
      await golden('failed', await failAtTheSecond());
      await golden('undecided', await run('--resume'));
      const resumed = await runAgain();
      await golden('resumed', resumed);
      expect(resumed).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
      expect(await statuses()).toEqual(['one: passed', 'two: passed', 'three: passed']);
    });

    it('and failed again is resumed again, with all that passed before', async () => {
      await failAtTheSecond();
      await rm(join(host.directory, 'mended'));
      expect(await runAgain()).toMatchObject({ status: 1 });
      await leave('mended');
      expect(await runAgain()).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'two', 'two', 'three']);
    });

    it('is begun anew without --resume', async () => {
      await failAtTheSecond();
      expect(await run()).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'one', 'two', 'three']);
    });
  });

  it('of another procedure knows what the main one exported, also when it is resumed', async () => {
    await host.write([
      ...step(sh('one', 'export BACKUP=backups/x.dump')),
      '## Back',
      '',
      ...sh('look', marking('look', '[ "$BACKUP" = backups/x.dump ]')),
      ...sh('restore', marking('restore', '[ -e mended ] && echo "$BACKUP"'), 'prints "backups/x.dump"'),
    ]);
    expect(await run()).toMatchObject({ status: 0 });
    expect(await host.start('back', '--yes').ended).toMatchObject({ status: 1 });
    await leave('mended');
    expect(await host.start('back', '--yes', '--resume', '--again', 'restore').ended).toMatchObject({
      status: 0,
    });
    expect(await marks()).toEqual(['look', 'restore', 'restore']);
  });

  describe('is not resumed', () => {
    it('where there was none', async () => {
      await host.write(step(sh('one', marking('one'))));
      const refused = await run('--resume');
      await golden('not-resumed', refused);
      expect(refused).toMatchObject({ status: 2, stderr: REFUSED });
    });

    it('where it has passed, whatever failed before it', async () => {
      await failAtTheSecond();
      expect(await runAgain()).toMatchObject({ status: 0 });
      expect(await run('--resume')).toMatchObject({ status: 2, stderr: expect.stringMatching(PASSED) });
      expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
    });

    it('where it was on another host', async () => {
      await failAtTheSecond('other-nas');
      await host.write(THREE);
      expect(await run('--resume')).toMatchObject({ status: 2, stderr: REFUSED });
      expect(await marks()).toEqual(['one', 'two']);
    });

    it('where it was another procedure', async () => {
      await failAtTheSecond();
      const { status, stderr } = await host.start('three', '--yes', '--resume').ended;
      expect(stderr).toBe('there is no unfinished run of three on nas to resume: none is recorded here');
      expect(status).toBe(2);
    });
  });

  describe('beside a journal that cannot be read', () => {
    const damage = async (line: number, to: string) => {
      const path = join(await newest(), 'journal.jsonl');
      const lines = (await readFile(path, 'utf8')).split('\n');
      await writeFile(path, lines.map((text, i) => (i === line - 1 ? to : text)).join('\n'));
      return path;
    };

    it.each([
      ['in its middle', 3],
      ['in the line that names its host', 1],
    ])('damaged %s is not resumed, nor is an older one: it says where and what to do', async (_, line) => {
      await failAtTheSecond();
      await rm(join(host.directory, 'mended'));
      expect(await runAgain()).toMatchObject({ status: 1 });
      const path = await damage(line, '{"type":"block-fin');
      const { status, stderr } = await run('--resume');
      expect(status).toBe(2);
      expect(stderr).toContain(`${path}:${line}: `);
      expect(stderr).toContain(`move ${await newest()} away`);
      expect(await marks()).toEqual(['one', 'two', 'two']);
      await leave('mended');
      await rm(await newest(), { recursive: true });
      expect(await runAgain()).toMatchObject({ status: 0 });
    });

    it('of another host is resumed', async () => {
      await failAtTheSecond('nas');
      await host.write(step(sh('one', 'true')), 'other-nas');
      expect(await run()).toMatchObject({ status: 0 });
      await damage(2, 'null and void');
      await host.write(THREE);
      expect(await runAgain()).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
    });

    it.each([
      ['no line', ''],
      ['half of its first line', '{"type":"run-st'],
    ])('with %s began nothing, and an older one is resumed', async (_, text) => {
      await failAtTheSecond();
      const never = join(host.here, '.runbook', 'runs', '20990101-000000-abcd');
      await mkdir(never);
      await writeFile(join(never, 'journal.jsonl'), text);
      try {
        expect(await runAgain()).toMatchObject({ status: 0 });
        expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
      } finally {
        await rm(never, { recursive: true });
      }
    });

    it('whose last line was cut off by a kill is resumed', async () => {
      await failAtTheSecond();
      await appendFile(join(await newest(), 'journal.jsonl'), '{"type":"block-st');
      expect(await runAgain()).toMatchObject({ status: 0 });
      expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
    });
  });

  describe('does not begin', () => {
    const expectNothing = async () => {
      expect(await marks()).toEqual([]);
      expect(await runs()).toEqual([]);
    };

    it('on a server that says that it is a replica', async () => {
      await host.write(step(sh('one', marking('one'))));
      await host.query('ALTER ROLE crosshot RESET runbook.replica');
      try {
        const { status, stderr } = await run();
        expect(stderr).toMatch(
          /^the server on nas says that it is the replica runbook-[0-9a-f]{8}: rehearse there/,
        );
        expect(status).toBe(3);
      } finally {
        await host.query(`ALTER ROLE crosshot SET runbook.replica = ''`);
      }
      await expectNothing();
    });

    it('on a host that cannot be reached', async () => {
      await host.write(step(sh('one', marking('one'))), 'gone');
      const { status, stderr } = await run();
      expect(stderr).toMatch(/^gone cannot be reached: .*Connection refused/);
      expect(status).toBe(3);
      await expectNothing();
    });

    it('where nobody can be asked, and no answer was given beforehand', async () => {
      await host.write(step(sh('one', marking('one'))));
      const { status, stderr } = await host.start('main').ended;
      expect(stderr).toMatch(/^there is no terminal to ask at: say --yes/);
      expect(status).toBe(2);
      await expectNothing();
    });

    it('where the document has a problem', async () => {
      await host.write(step(sh('one', marking('one'), 'shines brightly')));
      expect(await run()).toMatchObject({ status: 2 });
      await expectNothing();
    });
  });

  /** A run in the middle of its second block, which lasts until a file `go` is there, or the test has ended. */
  const waitingRun = async () => {
    const wait = 'echo $$ > pid; mv pid begun; while [ -e begun ] && [ ! -e go ]; do sleep 0.1; done';
    await host.write(
      step(sh('one', marking('one')), sh('two', marking('two', wait)), sh('three', marking('three'))),
    );
    const running = host.start('main', '--yes');
    onTestFinished(async () => {
      await rm(join(host.directory, 'begun'), { force: true });
      await running.ended;
    });
    await expect.poll(() => read('begun'), PATIENTLY).not.toBe('');
    return { ...running, pid: Number(await read('begun')) };
  };

  it('keeps a second one out, and says who is at work there', async () => {
    const first = await waitingRun();
    const keptOut = await run();
    const { status, stderr } = keptOut;
    await golden('locked', keptOut);
    expect(stderr).toMatch(
      /^another run is at work there: runbook \S+ \S+@\S+, since \d{4}-\d\d-\d\d .* UTC, process .*; wait/,
    );
    expect(status).toBe(3);
    expect(await runs()).toHaveLength(1);
    await leave('go');
    expect(await first.ended).toMatchObject({ status: 0 });
    expect(await marks()).toEqual(['one', 'two', 'three']);
    expect(await run()).toMatchObject({ status: 0 });
  });

  it('that waited for another one’s end knows what that one did meanwhile', async () => {
    const first = await waitingRun();
    const second = await host.startHeld('main', '--yes', '--resume');
    await expect.poll(second.held, PATIENTLY).toBe(true);
    await leave('go');
    expect(await first.ended).toMatchObject({ status: 0 });
    await second.release();
    expect(await second.ended).toMatchObject({ status: 2, stderr: expect.stringMatching(PASSED) });
    expect(await marks()).toEqual(['one', 'two', 'three']);
  });

  it('that is interrupted ends with 130 and what runs there; --resume goes on with that block', async () => {
    const first = await waitingRun();
    expect(isRunning(first.pid)).toBe(true);
    first.kill('SIGINT');
    expect(await first.ended).toMatchObject({ status: 130 });
    expect(isRunning(first.pid)).toBe(false);
    expect(await report()).toMatchObject({ status: 'aborted', why: 'interrupted' });
    await leave('go');
    expect(await runAgain()).toMatchObject({ status: 0 });
    expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
  });

  it('whose connection breaks goes on with the block that it broke in, which runs once', async () => {
    const breaks = marking('two', 'kill -KILL $(ps -o ppid= -p $$)');
    await host.write(step(sh('one', marking('one')), sh('two', breaks), sh('three', marking('three'))));
    expect(await run()).toMatchObject({ status: 0 });
    expect(await marks()).toEqual(['one', 'two', 'three']);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
