import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import which from 'which';
import { makeHost, type Oddities, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const LACKS = ['setsid', 'timeout', 'flock', 'stdbuf', 'python3', 'perl'];

const block = (info: string, ...text: string[]) => [`\`\`\`${info}`, ...text, '```', ''];

/** A small machine's: no more than POSIX asks for. */
const HOSTS: [string, Oddities][] = [
  ['whose login shell is dash, without setsid, timeout and flock', { shell: 'dash', lacks: LACKS }],
  ['at the end of a link that takes 300 ms each way', { delayMs: 300 }],
];
const busybox = which.sync('busybox', { nothrow: true });
if (busybox) HOSTS.push(['whose login shell is busybox’s', { shell: `${busybox} sh`, lacks: LACKS }]);

for (const [name, oddities] of HOSTS) {
  describeWith(['sshd'], `a host ${name}`, () => {
    let host: SpecHost;
    beforeAll(async () => {
      host = await makeHost(oddities);
    });
    afterAll(() => host?.close());
    const { marks, read, report, run, clear } = tracesOn(() => host);

    it('is worked on as any other', async () => {
      await host.write(
        step(
          block('sh { name=one on=nas }', marking('one', 'export WHO=one', "echo 'it’s a “test”'")),
          ['**Expected output:** prints "it’s a “test”"', ''],
          block('sh { name=two on=postgres }', 'echo "$WHO"'),
          ['**Expected output:** prints "one"', ''],
          block(
            'sql { name=three }',
            'CREATE TABLE IF NOT EXISTS three AS SELECT 3 AS n;',
            'SELECT n FROM three;',
          ),
          ['**Expected output:**', '- 1 row', '- n is 3', ''],
        ),
      );
      const { stdout, stderr, status } = await run();
      expect(stderr).toBe('');
      expect(stdout).toContain('3 of 3 blocks');
      expect(status).toBe(0);
      expect(await marks()).toEqual(['one']);
    });

    it('ends what has no time left, with its children', async () => {
      await clear('marks', 'late');
      const late = '(sleep 30; echo late > late) & wait';
      await host.write(
        step(block('sh { name=slow on=nas timeout=6s }', marking('slow', 'echo $$ > pid', late))),
      );
      expect(await run()).toMatchObject({ status: 1, stderr: '' });
      expect((await report()).blocks).toMatchObject([{ status: 'failed' }]);
      const pid = (await read('pid')).trim();
      expect(existsSync(join('/proc', pid))).toBe(false);
      expect(await read('late')).toBe('');
    });
  });
}
