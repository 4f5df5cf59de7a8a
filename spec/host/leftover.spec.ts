import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listBlocks } from '../../tools/host/leftover.ts';
import { localHost } from '../../tools/host/local.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const RUN = '20260301-020000-abcd';

/** A process with a name that is hard to read in /proc, gone when the calling test is. */
function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['600'], { argv0: 'a) b (c' });
  onTestFinished(() => void child.kill());
  return child as ChildProcess & { pid: number };
}

const now = () => Math.floor(Date.now() / 1000);

const startOf = async (pid: number) =>
  (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ')[19];

/** A host whose state holds these blocks, each with its files. */
async function hostWith(blocks: Record<string, Record<string, string>>) {
  const RUNBOOK_STATE = join(await temporaryDirectory(), 'a state');
  for (const [name, files] of Object.entries(blocks)) {
    await mkdir(join(RUNBOOK_STATE, name), { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(RUNBOOK_STATE, name, file), text);
  }
  return localHost({ directory: '/', environment: { RUNBOOK_STATE, TMPDIR: RUNBOOK_STATE } });
}

it('a block that runs is told with its run, its attempt, its process and its age', async () => {
  const { pid } = sleeper();
  const host = await hostWith({ [`${RUN}/back-up.2`]: { pid: `${pid} ${await startOf(pid)} ${now()}\n` } });
  expect(await listBlocks(host.start)).toEqual([
    { run: RUN, name: 'back-up', attempt: 2, pid, ageMs: expect.any(Number) },
  ]);
});

it('one that has ended is not, nor one whose process is gone or is another by now', async () => {
  const { pid } = sleeper();
  const gone = sleeper();
  gone.kill('SIGKILL');
  await new Promise((resolve) => gone.once('close', resolve));
  const host = await hostWith({
    [`${RUN}/ended.1`]: { pid: `${pid} ${await startOf(pid)}\n`, end: '0\n' },
    [`${RUN}/gone.1`]: { pid: `${gone.pid} -\n` },
    [`${RUN}/another.1`]: { pid: `${pid} 1\n` },
    [`${RUN}/beginning.1`]: {},
    'what/is.this': { pid: `${pid} -\n` },
  });
  expect(await listBlocks(host.start)).toEqual([]);
});

it('one whose machine told no time of its start is told by its process alone', async () => {
  const { pid } = sleeper();
  const host = await hostWith({ [`${RUN}/back-up.1`]: { pid: `${pid} -\n` } });
  expect(await listBlocks(host.start)).toMatchObject([{ name: 'back-up', pid }]);
});

it('where nothing was ever run there is none, and where nothing answers that cannot be told', async () => {
  expect(await listBlocks((await hostWith({})).start)).toEqual([]);
  await expect(listBlocks(() => spawn('false'))).rejects.toThrow('whether a block still runs there');
});
