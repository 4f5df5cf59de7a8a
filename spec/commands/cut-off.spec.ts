import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const PATIENTLY = { timeout: 120_000, interval: 50 };

const sh = (name: string, text: string, attributes = '') => [
  `\`\`\`sh { name=${name} on=nas ${attributes} }`,
  text,
  '```',
  '',
];

describeWith(['sshd'], 'a host whose sshd goes in the middle of a run', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());
  const { marks, leave, run, runs } = tracesOn(() => host);

  it('leaves a last page where it does not come back, and where it does, a block whose end is told', async () => {
    const waits = 'until [ -e go ]; do sleep 0.1; done; echo two-end >>marks';
    await host.write([
      ...step(
        sh('one', marking('one')),
        // The host has no service that can be missed.
        sh('stop', ': docker compose stop api'),
        sh('two', marking('two', waits), 'timeout=5s'),
        sh('three', marking('three')),
      ),
      ...['', '## Back', '', ...sh('restore', 'true')],
    ]);
    const running = run();
    await expect.poll(marks, PATIENTLY).toEqual(['one', 'two']);
    await host.cutOff();
    const { status, stdout } = await running;
    const [id = ''] = await runs();
    expect(status).toBe(3);
    expect(stdout).toContain('two: it may still be running on nas, which does not answer: ');
    const page = stdout.slice(stdout.indexOf('\nHow it stands\n'));
    expect(page).toMatch(/^ {2}done {7}one, stop$/m);
    expect(page).toMatch(/^ {2}unknown {4}two \(.*\): nobody can say how it ended; it writes,/m);
    expect(page).toMatch(/^ {2}not done {3}three$/m);
    expect(page).toMatch(/^ {2}services {3}the host does not answer: ask it with/m);
    expect(page).toMatch(/^ {2}down {7}for .* so far, since .* \(stop\)$/m);
    expect(page).toMatch(new RegExp(`^ {2}to go on {3}npm run .* --resume ${id} --yes --unrehearsed`, 'm'));
    expect(page).toContain(
      'two is looked up where it ran, and waited for; where that is gone for good, say what',
    );

    await host.reconnect();
    await leave('go');
    await expect.poll(marks, PATIENTLY).toEqual(['one', 'two', 'two-end']);
    expect(await run('--resume')).toMatchObject({ status: 0, stderr: '' });
    expect(await marks()).toEqual(['one', 'two', 'two-end', 'three']);
  });
});
