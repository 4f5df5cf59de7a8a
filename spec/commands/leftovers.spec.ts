import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

const PATIENTLY = { timeout: 120_000, interval: 100 };

const sh = (name: string, text: string) => [
  `\`\`\`sh { name=${name} on=nas }`,
  marking(name, text),
  '```',
  '',
];
const WAITS = 'echo $$ > begun; while [ ! -e go ]; do sleep 0.1; done';

describeWith(['sshd'], 'what blocks of dead tools left on the host', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());
  beforeEach(() => clear('marks', 'begun', 'go'));

  const { read, marks, leave, runs, run, clear } = tracesOn(() => host);
  const state = () => join(host.here, 'state');
  const kept = () => readdir(state()).catch(() => []);

  /** A directory as a block leaves it whose tool was killed before it could be removed. */
  const leaveEnded = async (id: string, name: string) => {
    const directory = join(state(), id, name);
    await mkdir(directory, { recursive: true });
    onTestFinished(() => rm(join(state(), id), { recursive: true, force: true }));
    // No process has such an id.
    await writeFile(join(directory, 'pid'), '999999999 1 1 another.1\n');
    await writeFile(join(directory, 'end'), '0\n');
    return directory;
  };

  /** A run whose tool was killed in its block `one`, and the process of that block’s supervisor there. */
  const killed = async () => {
    await host.write(step(sh('one', WAITS), sh('two', 'true')));
    const running = host.start('main', '--yes');
    await expect.poll(() => read('begun'), PATIENTLY).not.toBe('');
    running.kill('SIGKILL');
    await running.ended;
    const [id = ''] = await runs();
    onTestFinished(() => rm(join(state(), id), { recursive: true, force: true }));
    const directory = join(state(), id, 'one.1');
    const group = Number(await readFile(join(directory, 'group'), 'utf8'));
    const supervisor = Number((await readFile(join(directory, 'pid'), 'utf8')).split(' ')[0]);
    onTestFinished(() => end(-group, supervisor));
    return { id, directory, supervisor, group };
  };

  it('is removed by the next run where a journal says that it has ended, and told of', async () => {
    await host.write(step(sh('one', 'true'), sh('two', '[ -e go ]')));
    expect(await run()).toMatchObject({ status: 1 });
    const [id = ''] = await runs();
    await leaveEnded(id, 'one.1');
    await leaveEnded(id, 'two.1');
    await leave('go');
    const resumed = await run('--resume', '--again', 'two');
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(resumed.stdout).toContain(
      `removed from nas, of 2 blocks whose end is recorded: ${id}/one.1, ${id}/two.1\n`,
    );
    expect(await kept()).toEqual([]);
  });

  it('stays where no journal knows its run, with what it is and how to remove it', async () => {
    const foreign = '20200101-000000-beef';
    const directory = await leaveEnded(foreign, 'back-up.2');
    await host.write(step(sh('one', 'true')));
    const { status, stdout } = await run();
    expect(status).toBe(0);
    expect(stdout).toContain(
      `kept on nas: back-up, attempt 2, of run ${foreign} ended with exit status 0, and no journal here knows its run. ` +
        `What it printed stands in ${directory}; this removes it: ssh nas 'cd ${host.directory} && rm -r ${directory}'\n`,
    );
    expect(await kept()).toEqual([foreign]);
  });

  it('stays where its end is in no journal, until that run is gone on with', async () => {
    const { id, directory } = await killed();
    await leave('go');
    await expect.poll(() => readFile(join(directory, 'end'), 'utf8').catch(() => ''), PATIENTLY).toBe('0\n');
    await host.write(step(sh('other', 'true')));
    const other = await host.start('other', '--yes').ended;
    expect(other.stdout).toMatch(
      new RegExp(
        `^kept on nas: one of run ${id} ended .* its end: \`run … --resume ${id}\` looks it up\\.`,
        'm',
      ),
    );
    await host.write(step(sh('one', WAITS), sh('two', 'true')));
    const resumed = await run('--resume', '--accept-changes');
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(resumed.stdout).not.toContain('kept on');
    expect(await marks()).toEqual(['one', 'other', 'two']);
    expect(await kept()).toEqual([]);
  });

  describe('and still runs', () => {
    it('keeps another run out, which is told what runs, since when, and what ends it', async () => {
      const { id, supervisor, group } = await killed();
      const { status, stderr } = await run();
      expect(status).toBe(3);
      expect(stderr).toMatch(
        new RegExp(
          `^a block of an earlier run still runs on nas: one of run ${id}, process ${supervisor}, for `,
        ),
      );
      expect(stderr).toContain(`\`run … --resume ${id}\``);
      const command = `ssh nas 'cd ${host.directory} && kill -TERM -${group}'`;
      expect(stderr).toContain(`or end it with: ${command}`);
      await host.type(command);
      await expect.poll(() => isRunning(-group), PATIENTLY).toBe(false);
      expect(await run('--resume')).toMatchObject({ status: 1 });
      expect(await marks()).toEqual(['one']);
    });

    it('inside of a service does so, too: what is told ends it, in an image that has no such program', async () => {
      const text = [`cd ${host.directory}`, marking('one', WAITS)].join('\n');
      await host.write(step(['```sh { name=one on=postgres }', text, '```', '']));
      const running = host.start('main', '--yes');
      await expect.poll(() => read('begun'), PATIENTLY).not.toBe('');
      running.kill('SIGKILL');
      await running.ended;
      const { status, stderr } = await run();
      expect(status).toBe(3);
      const [, pid, command = ''] = TOLD.exec(stderr) ?? [];
      expect(command).toContain(`docker compose exec -T postgres bash -c `);
      await host.type(command);
      await expect.poll(() => isRunning(Number(pid)), PATIENTLY).toBe(false);
    });

    it('does so without its supervisor, too: its process group is told', async () => {
      const { id, supervisor, group } = await killed();
      process.kill(supervisor, 'SIGKILL');
      const { status, stderr } = await run();
      expect(status).toBe(3);
      expect(stderr).toMatch(
        new RegExp(
          `^a block of an earlier run still runs on nas: one of run ${id}, process group ${group}, for \\S+ s\\. ` +
            'What watched over it has gone, so its exit status will not be known\\. ',
        ),
      );
      const command = `ssh nas 'cd ${host.directory} && kill -TERM -${group}'`;
      expect(stderr).toContain(`or end it with: ${command}`);
      await host.type(command);
      await expect.poll(() => isRunning(-group), PATIENTLY).toBe(false);
      await leave('go');
      const after = await run();
      expect(after.stdout).toContain(
        `kept on nas: one of run ${id} has neither a process nor an exit status`,
      );
      expect(await marks()).toEqual(['one', 'one', 'two']);
    });

    it('is not begun again beside itself where it is unknown: only what is gone on with may run', async () => {
      const { id, directory, group } = await killed();
      await writeFile(
        join(host.here, '.runbook', 'runs', id, 'journal.jsonl'),
        `${JSON.stringify(UNKNOWN)}\n`,
        { flag: 'a' },
      );
      const refused = await run('--resume', '--again', 'one');
      expect(refused.status).toBe(3);
      expect(refused.stderr).toMatch(
        /^a block of an earlier run still runs on nas: one .* Wait for its end, or end /,
      );
      expect(refused.stderr).toContain(`kill -TERM -${group}`);
      await leave('go');
      await expect
        .poll(() => readFile(join(directory, 'end'), 'utf8').catch(() => ''), PATIENTLY)
        .toBe('0\n');
      const resumed = await run('--resume', '--again', 'one');
      expect(resumed.status).toBe(0);
      expect(resumed.stdout).toMatch(
        /^kept on nas: one of run .* ended with exit status 0, and its journal says/m,
      );
      expect(await marks()).toEqual(['one', 'one', 'two']);
      // What was decided about is known: that run has passed.
      expect((await run()).stdout).toContain(
        `removed from nas, of 1 block whose end is recorded: ${id}/one.1\n`,
      );
      expect(await kept()).toEqual([]);
    });
  });
});

const TOLD =
  /^a block of an earlier run still runs on nas, in service postgres: .* process (\d+), .* or end it with: (.*)$/m;

const UNKNOWN = {
  ...{ type: 'block-finished', at: new Date().toISOString(), name: 'one', output: null, duration_ms: 1 },
  outcome: {
    ...{ status: 'unknown', expectations: [], captured: {} },
    why: { message: 'nas does not answer', line: 1, column: 1 },
  },
};

/** Ends what still writes into the directory, before that is removed. */
async function end(...pids: number[]): Promise<void> {
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), PATIENTLY);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
