import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listBlocks, sweepBlocks } from '../../tools/host/leftover.ts';
import { localHost } from '../../tools/host/local.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const RUN = '20260301-020000-abcd';

/** A process with a name that is hard to read in /proc, in a group of its own, gone when the calling test is. */
function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['600'], { argv0: 'a) b (c', detached: true });
  onTestFinished(() => void child.kill());
  return child as ChildProcess & { pid: number };
}

const now = () => Math.floor(Date.now() / 1000);

const startOf = async (pid: number) =>
  (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ')[19];

/** Of this machine, as a block's directory records it. */
const boot = async () => {
  const id = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return `${id}.${await startOf(1)}`;
};

/** The id of a process that has ended. */
async function gone(): Promise<number> {
  const child = sleeper();
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  return child.pid;
}

/** A host whose state holds these blocks, each with its files. */
async function hostWith(blocks: Record<string, Record<string, string>>) {
  const state = join(await temporaryDirectory(), 'a state');
  for (const [name, files] of Object.entries(blocks)) {
    await mkdir(join(state, name), { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(state, name, file), text);
  }
  const host = localHost({ directory: '/', environment: { RUNBOOK_STATE: state, TMPDIR: state } });
  return { ...host, state };
}

const statesOf = async ({ start }: Pick<Awaited<ReturnType<typeof hostWith>>, 'start'>) =>
  (await listBlocks(start)).map(({ name, state }) => `${name} ${state}`);

it('a block that runs is told with its run, its attempt, its process and its age', async () => {
  const { pid } = sleeper();
  const { start, state } = await hostWith({
    [`${RUN}/back-up.2`]: { pid: `${pid} ${await startOf(pid)} ${now()} ${await boot()}\n`, group: '4711\n' },
  });
  expect(await listBlocks(start)).toEqual([
    {
      ...{
        run: RUN,
        name: 'back-up',
        attempt: 2,
        unit: `${RUN}/back-up.2`,
        state: 'running',
        pid,
        group: 4711,
      },
      ...{ directory: join(state, RUN, 'back-up.2'), ageMs: expect.any(Number), exitStatus: null },
    },
  ]);
});

it('one whose supervisor has gone is orphaned while its processes go on, in this boot alone', async () => {
  const { pid } = sleeper();
  const dead = await gone();
  const of = async (then: string) => ({ pid: `${dead} 1 ${now() - 120} ${then}\n`, group: `${pid}\n` });
  const { start } = await hostWith({
    [`${RUN}/goes-on.1`]: await of(await boot()),
    [`${RUN}/of-before.1`]: await of('another.1'),
  });
  expect(await listBlocks(start)).toMatchObject([
    { name: 'goes-on', state: 'orphaned', pid: dead, group: pid, ageMs: expect.any(Number) },
    { name: 'of-before', state: 'gone', pid: dead, group: null, ageMs: expect.any(Number) },
  ]);
});

it('one that has ended is told with its exit status, and what was never begun as taken', async () => {
  const { pid } = sleeper();
  const dead = await gone();
  const host = await hostWith({
    [`${RUN}/another.1`]: { pid: `${pid} 1\n` },
    [`${RUN}/beginning.1`]: {},
    [`${RUN}/ended.1`]: { pid: `${dead} -\n`, end: '3\t17 sleep\n' },
    [`${RUN}/ending.1`]: { pid: `${pid} ${await startOf(pid)}\n`, end: '0\n' },
    [`${RUN}/gone.1`]: { pid: `${dead} -\n` },
    'what/is.this': { pid: `${pid} -\n` },
  });
  expect(await statesOf(host)).toEqual([
    ...['another gone', 'beginning taken', 'ended ended', 'ending ending', 'gone gone'],
  ]);
  expect((await listBlocks(host.start))[2]).toMatchObject({ exitStatus: 3 });
});

it('one whose machine told no time of its start is told by its process alone', async () => {
  const { pid } = sleeper();
  const host = await hostWith({ [`${RUN}/back-up.1`]: { pid: `${pid} -\n` } });
  expect(await listBlocks(host.start)).toMatchObject([{ name: 'back-up', pid, state: 'running' }]);
});

it('where nothing was ever run there is none, and where nothing answers that cannot be told', async () => {
  expect(await listBlocks((await hostWith({})).start)).toEqual([]);
  await expect(listBlocks(() => spawn('false'))).rejects.toThrow('whether a block still runs there');
});

describe('what is swept', () => {
  it('is what has ended, of the blocks that are named, and the directory of a run with its last one', async () => {
    const dead = { pid: `${await gone()} -\n`, end: '0\n', out: 'x' };
    const other = RUN.replace('abcd', 'beef');
    const host = await hostWith({
      [`${RUN}/one.1`]: dead,
      [`${RUN}/two.1`]: dead,
      [`${other}/one.1`]: dead,
    });
    const blocks = await listBlocks(host.start);
    const named = blocks.filter(({ run, name }) => run === other || name === 'two');
    expect(await sweepBlocks(host.start, named)).toEqual(named);
    expect(await readdir(host.state)).toEqual([RUN]);
    expect(await readdir(join(host.state, RUN))).toEqual(['one.1']);
  });

  it('is nothing that runs, nor what a script may still be on its way to', async () => {
    const { pid } = sleeper();
    const running = `${pid} ${await startOf(pid)} ${now()} ${await boot()}\n`;
    const dead = await gone();
    const host = await hostWith({
      [`${RUN}/ending.1`]: { pid: running, end: '0\n' },
      [`${RUN}/old.1`]: {},
      [`${RUN}/orphaned.1`]: { pid: `${dead} 1 ${now()} ${await boot()}\n`, group: `${pid}\n` },
      [`${RUN}/running.1`]: { pid: running },
      [`${RUN}/taken.1`]: {},
    });
    const before = new Date(Date.now() - 50 * 3_600_000);
    await utimes(join(host.state, RUN, 'old.1'), before, before);
    const removed = await sweepBlocks(host.start, await listBlocks(host.start));
    expect(removed.map(({ name }) => name)).toEqual(['old']);
  });

  it('cannot be told where nothing answers', async () => {
    const host = await hostWith({ [`${RUN}/one.1`]: { pid: '1 -\n' } });
    const blocks = await listBlocks(host.start);
    await expect(sweepBlocks(() => spawn('false'), blocks)).rejects.toThrow('cannot be removed');
  });
});
