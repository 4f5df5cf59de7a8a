import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readJournal } from '../../tools/journal/journal.ts';
import { foldReport } from '../../tools/report/report.ts';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';

const block = (info: string, text: string) => [`\`\`\`${info}`, text, '```', ''];
const page = (text: string) => [
  ...['## Step 1: Go', ''],
  ...block('sh { name=one on=nas }', text),
  ...['## Back', ''],
  ...block('sh { name=two on=nas }', 'echo two'),
];

describeWith(['sshd'], 'a real run needs a rehearsal', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());

  const run = (procedure: string, ...words: string[]) =>
    host.tool('run', procedure, '--on', 'nas', '--yes', ...words);
  const runs = async () => {
    const home = join(host.here, '.runbook', 'runs');
    return (await readdir(home).catch(() => [])).sort().map((id) => join(home, id));
  };
  const report = async () => foldReport(await readJournal((await runs()).at(-1) ?? ''));

  it('of exactly its bytes, with all of its blocks; or a reason, which its reports show', async () => {
    await host.write(page('true'));
    const never = await run('main');
    expect(never.stderr).toMatch(
      /^main was not rehearsed as it is now: there was no rehearsal yet; rehearse it with `npm/,
    );
    expect(never.stderr).toContain('rehearse`, or run it all the same with --unrehearsed "the reason"');
    expect(never).toMatchObject({ status: 2, stdout: '' });
    expect((await run('main', '--unrehearsed', ' ')).stderr).toContain(
      'there was no rehearsal yet, and the reason to go without is empty; rehearse it with',
    );
    expect(await runs()).toEqual([]);

    expect(await host.tool('rehearse', '--replica', 'embedded', '--only', 'one')).toMatchObject({
      status: 0,
    });
    expect((await run('main')).stderr).toContain(`the rehearsal ${(await report()).id} was one of a part;`);
    expect(await host.tool('rehearse', '--replica', 'embedded')).toMatchObject({ status: 0 });
    const rehearsal = await report();
    expect(rehearsal).toMatchObject({
      data: 'small',
      rehearsed: null,
      bytes: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const passed = await run('main');
    const rehearsed = `  rehearsed \\d+ \\w+ ago as ${rehearsal.id}: `;
    expect(passed.stdout).toMatch(new RegExp(`${rehearsed}on the embedded replica, small data\\n`));
    expect(passed.status).toBe(0);
    expect(await report()).toMatchObject({
      bytes: rehearsal.bytes,
      rehearsed: { run: rehearsal.id, data: 'small' },
    });

    const planned = await host.tool('plan', '--on', 'nas');
    const { identity } = await report();
    expect(planned.stdout).toContain(`database crosshot of cluster ${identity?.system_identifier}\n`);
    expect(planned.stdout).toMatch(new RegExp(rehearsed));
    expect(planned.stdout).toMatch(
      /expected to take \d+ ms in blocks, as in the rehearsal \S+, on small data/,
    );
    expect(planned.stdout).toMatch(/ {2}one: line \d+, on nas, writes, took \d+ ms\n/);

    const other = await run('back');
    expect(other.stderr).toContain(`the rehearsal ${rehearsal.id} did not run \`two\`; rehearse it with`);
    expect(other.stderr).toContain('rehearse back`');
    expect(other.status).toBe(2);

    await host.write(page('true # changed'));
    const anew = await run('main');
    expect(anew.stderr).toContain(`since the newest rehearsal, ${rehearsal.id}, the runbook has changed`);
    expect(anew.status).toBe(2);

    const reason = 'the *replica* is <broken>';
    const all = await run('main', '--unrehearsed', reason);
    expect(all.stdout).toContain(`  not rehearsed: ${reason}\n`);
    expect(all.status).toBe(0);
    expect(await report()).toMatchObject({ rehearsed: { reason } });
    const html = await readFile(join((await runs()).at(-1) ?? '', 'report.html'), 'utf8');
    expect(html).toContain('not rehearsed: the *replica* is &lt;broken&gt;');
    const printed = await Promise.all(
      ['markdown', 'junit'].map((format) => host.tool('report', '--format', format)),
    );
    expect(printed[0]?.stdout).toContain('**not rehearsed: the \\*replica\\* is \\<broken\\>**');
    expect(printed[1]?.stdout).toContain('value="not rehearsed: the *replica* is &lt;broken&gt;"');
    expect(await run('main', '--unrehearsed', ' ')).toMatchObject({ status: 2 });
  });

  it('which it has not where `.runbook` was deleted', async () => {
    await rm(join(host.here, '.runbook'), { recursive: true, force: true });
    expect(await run('main')).toMatchObject({ status: 2 });
  });
});
