import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Event } from '../../tools/journal/event.ts';
import { readJournal } from '../../tools/journal/journal.ts';
import type { Output } from '../../tools/outcome/output.ts';
import { makeHost, type Oddities, type SpecHost } from '../support/host.ts';
import { describeWith, type Need } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

const LACKS = ['setsid', 'timeout', 'flock', 'stdbuf', 'python3', 'perl'];

const block = (info: string, ...text: string[]) => [`\`\`\`${info}`, ...text, '```', ''];

const numbers = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

const outputsOf = (events: Event[]): Record<string, Output | null> =>
  Object.fromEntries(
    events.flatMap((event) => (event.type === 'block-finished' ? [[event.name, event.output]] : [])),
  );

const SMALL: Oddities = { lacks: LACKS };

/** A small machine's has no more than POSIX asks for. */
const HOSTS: [name: string, needs: Need[], Oddities][] = [
  ['whose login shell is dash, without setsid, timeout and flock', [], { ...SMALL, shell: 'dash' }],
  ['whose login shell is busybox’s', ['busybox'], { ...SMALL, shell: 'busybox sh' }],
  [
    'at the end of a link that takes 300 ms each way and loses a tenth',
    [],
    { distance: { delayMs: 300, lossPercent: 10 } },
  ],
];

const BLOCKS = [
  block(
    'sh { name=one on=nas }',
    marking('one', 'export WHO=one', "echo 'it’s a “test”' >&2"),
    'for i in $(seq 0 39); do seq $((i * 100 + 1)) $((i * 100 + 100)); sleep 0.05; done',
  ),
  ['**Expected output:** complains "it’s a “test”"', ''],
  block('sh { name=two on=postgres }', 'echo "$WHO"'),
  ['**Expected output:** prints "one"', ''],
  block(
    'sql { name=three }',
    'CREATE TABLE three AS SELECT n FROM generate_series(1, 1000) AS n;',
    'UPDATE three SET n = n + 1;',
    'SELECT n FROM three ORDER BY n;',
  ),
  ['**Expected output:**', '', '| n |', '| --- |', '| 2 |', '| ... |', '| 1001 |', ''],
];

const SLOW = block(
  'sh { name=slow on=nas timeout=6s }',
  marking('slow', 'echo $$ > pid', '(sleep 30; echo late > late) & wait'),
);

for (const [name, needs, oddities] of HOSTS) {
  describeWith(['sshd', ...needs], `a host ${name}`, () => {
    let host: SpecHost;
    beforeAll(async () => {
      host = await makeHost(oddities);
    });
    afterAll(() => host?.close());
    const { marks, read, newest, report, run, clear } = tracesOn(() => host);

    it('is worked on as any other, and nothing is lost, doubled or in another order', async () => {
      await host.write(step(...BLOCKS));
      const { stdout, stderr, status } = await run();
      expect(stderr).toBe('');
      expect(stdout).toContain('3 of 3 blocks');
      expect(status).toBe(0);
      expect(await marks()).toEqual(['one']);
      const { one, three } = outputsOf(await readJournal(await newest()));
      const lines = numbers(1, 4000).map((n) => `${n}\n`);
      expect(one?.kind === 'shell' && one.stdout.text).toBe(lines.join(''));
      expect(three?.kind === 'sql' && three.results[2]?.rows).toEqual(numbers(2, 1000).map((n) => [`${n}`]));
    });

    // It would take a minute there. That a block is ended over a link that is silent has a spec of its own.
    if (!oddities.distance)
      it('ends what has no time left, with its children', async () => {
        await clear('marks');
        await host.write(step(SLOW));
        expect(await run()).toMatchObject({ status: 1, stderr: '' });
        expect((await report()).blocks).toMatchObject([{ status: 'failed' }]);
        const pid = (await read('pid')).trim();
        expect(existsSync(join('/proc', pid))).toBe(false);
        expect(await read('late')).toBe('');
      });
  });
}
