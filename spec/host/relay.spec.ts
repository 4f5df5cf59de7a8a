import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { boundedStream } from '../../tools/host/bounded.ts';
import { relayTo } from '../../tools/host/relay.ts';
import type { Start } from '../../tools/host/start.ts';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';

describeWith(['sshd'], 'a host whose login files print on standard output', () => {
  let host: SpecHost;
  beforeAll(async () => {
    // Longer than any buffer on the way, and without an end of line.
    host = await makeHost({
      loginFile: `echo Welcome; head -c 100000 /dev/zero; printf 'Have a nice day'\n`,
    });
  });
  afterAll(() => host?.close());

  it('leads to its database like any other', async () => {
    await host.write([
      '```sql { name=count }',
      'SELECT count(*) AS n FROM generate_series(1, 100000) AS n;',
      '```',
      '',
      '**Expected output:**',
      '- n is 100000',
    ]);
    const { status, stdout, stderr } = await host.start('shop', '--yes').ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('count');
  });
});

it('the end of a relay is told, also where its program exits while its input is being ended', async () => {
  const start: Start = (argv) => spawn('sh', ['-c', 'echo "$1"', 'sh', argv.at(-1) ?? '']);
  const errors: string[] = [];
  const closed = Array.from({ length: 200 }, async () => {
    const stream = boundedStream(relayTo(start), () => undefined);
    stream.on('error', ({ message }) => errors.push(message)).resume();
    stream.write(Buffer.alloc(100));
    await new Promise<void>((resolve) => stream.once('close', resolve));
  });
  await Promise.all(closed);
  // That the program was gone when it was written to may be said as any socket says it, and nothing else.
  expect(errors.filter((message) => message !== 'write EPIPE')).toEqual([]);
});
