import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDirectories } from '../../tools/journal/journal.ts';
import { appears } from '../support/awaiting.ts';
import { eventsOf, makeShop, replicasOf, type Shop, sh, start } from '../support/shop.ts';
import { atTerminal } from './terminal.ts';

/** The run came to its end: the replica is down, the journal whole, the reports written. */
async function expectWhole(shop: Shop, status: string): Promise<void> {
  const events = await eventsOf(shop);
  expect(events.find(({ type }) => type === 'run-finished')).toMatchObject({ status });
  expect(events.at(-1)).toMatchObject({ type: 'phase-finished', phase: 'stop' });
  expect(await replicasOf(shop)).toEqual([]);
  const [run = ''] = await runDirectories(shop.home);
  expect(JSON.parse(await readFile(join(run, 'report.json'), 'utf8'))).toMatchObject({ status });
  expect(existsSync(join(run, 'report.html'))).toBe(true);
}

describe('a reader that goes away', () => {
  it('after the first line ends no rehearsal, and a failed one still ends with 1', async () => {
    const shop = await makeShop([...sh('greet', 'local', 'echo hello', 'prints "bye"')]);
    const child = start(shop, 'rehearse', '--replica', 'embedded');
    child.stdout.once('data', () => child.stdout.destroy());
    expect((await child).exitCode).toBe(1);
    await expectWhole(shop, 'failed');
  });

  it('of both streams ends none either, and a sound one ends with 0', async () => {
    const shop = await makeShop([...sh('greet', 'local', 'echo hello', 'prints "hello"')]);
    const child = start(shop, 'rehearse', '--replica', 'embedded');
    child.stderr.destroy();
    child.stdout.once('data', () => child.stdout.destroy());
    expect((await child).exitCode).toBe(0);
    await expectWhole(shop, 'passed');
  });
});

describe('a terminal that is closed', () => {
  it('ends no rehearsal: it goes on without a screen, to its own status', async () => {
    const shop = await makeShop([
      ...sh(
        'greet',
        'local',
        'touch begun; until [ -e closed ]; do sleep 0.1; done; echo hello',
        'prints "bye"',
      ),
    ]);
    const status = join(shop.directory, 'status');
    // The shell hands the signal on, as a person's shell does, and tells how the tool ended.
    const script = [
      '"$0" "$@" & tool=$!; trap "kill -HUP $tool" HUP',
      'wait $tool; wait $tool; echo $? >"$STATUS.part"; mv "$STATUS.part" "$STATUS"',
    ].join('; ');
    const tool = [process.execPath, ...shop.argv('rehearse', '--replica', 'embedded')];
    const terminal = atTerminal(['sh', '-c', script, ...tool], { STATUS: status });
    await appears(join(shop.directory, 'begun'), terminal);
    terminal.kill('SIGKILL');
    await terminal;
    await writeFile(join(shop.directory, 'closed'), '');
    await appears(status);
    expect(await readFile(status, 'utf8')).toBe('1\n');
    await expectWhole(shop, 'failed');
  });
});
