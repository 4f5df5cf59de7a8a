import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDirectories } from '../../tools/journal/journal.ts';
import { expectGolden } from '../support/golden.ts';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';

const sh = (name: string, attributes: string, text: string) =>
  [`\`\`\`sh { name=${name} ${attributes} }`, text, '```', ''].join('\n');

const BACK = [sh('restore', 'on=nas', 'true')];

describeWith(['sshd'], 'the end of a real run', () => {
  let host: SpecHost;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(() => host?.close());

  const write = (blocks: string[], back: string[] = []) =>
    writeFile(
      join(host.here, 'runbook.md'),
      [
        '---',
        `nas: { ssh: nas, directory: ${host.directory} }`,
        'database: { service: postgres, user: crosshot, name: crosshot }',
        'rollback: [back]',
        '---',
        '# Shop',
        '',
        '## Step 1: Go',
        '',
        ...blocks,
        '## Back',
        '',
        ...back,
      ].join('\n'),
    );
  const run = (...words: string[]) => host.start('main', '--yes', ...words).ended;

  it('is a last page where it did not pass, and the downtime where it did', async () => {
    await write(
      [
        sh('back-up', 'on=nas', 'export BACKUP=backups/x.dump'),
        // The host has no service that can be missed.
        sh('stop', 'on=nas', ': docker compose stop api'),
        sh('change', 'on=nas', '[ -e mended ]'),
        sh('start', 'on=nas', 'docker compose up -d --wait'),
      ],
      [sh('restore', 'on=nas effect=destroys', 'echo "$BACKUP $NEVER"')],
    );
    const { status, ...failed } = await run();
    await expectGolden(
      'golden/night-last-page.txt',
      { exitCode: status, ...failed },
      { host: host.directory, here: host.here, user: `${userInfo().username}@${hostname()}` },
    );
    await writeFile(join(host.directory, 'mended'), '');
    const passed = await run('--resume', '--again', 'change');
    expect(passed.status).toBe(0);
    expect(passed.stdout).toMatch(/^services were down: .* from .* \(stop\) to .* \(start\)$/m);
    const page = await newestPage();
    expect(page).toMatch(/goes on from[\s\S]*\bdown\b[\s\S]*from stop to start/);
  });

  it('is a last page also where the tool cannot go on, before it says why', async () => {
    const spoil = 'rm -r "$RUNBOOK_RUN"; mkdir -p "$RUNBOOK_RUN/report.json"; false';
    await write([sh('back-up', 'on=nas', 'true'), sh('spoil', 'on=local', spoil)], BACK);
    const { status, stdout, stderr } = await run();
    expect(status).toBe(3);
    expect(stderr).toMatch(/^the report cannot be written: EISDIR/);
    expect(stdout).toMatch(/\nHow it stands\n {2}done {7}back-up\n {2}failed {5}spoil/);
  });

  it('leaves nothing of a report for which there is no room', async () => {
    await write([sh('spoil', 'on=local', 'ln -s /dev/full "$RUNBOOK_RUN/report.json"')], BACK);
    const { status, stderr } = await run();
    expect(status).toBe(3);
    expect(stderr).toMatch(/^the report cannot be written: ENOSPC.*the journal is whole/);
    const directory = (await runDirectories(join(host.here, '.runbook'))).at(-1) ?? '';
    expect((await readdir(directory)).sort()).toEqual(['journal.jsonl', 'page.md']);
  });

  it('says what must be said to go on: of each block that no probe decides about', async () => {
    await write(
      [
        sh('migrate', 'on=nas done=look', '[ -e mended ]'),
        `${sh('look', 'on=nas effect=reads', '[ -e mended ]')}\n**Expected output:** exits 0\n`,
        sh('wipe', 'on=nas effect=destroys', 'true'),
      ],
      BACK,
    );
    await rm(join(host.directory, 'mended'), { force: true });
    const probed = await run('--allow', 'wipe');
    expect(probed.stdout).toMatch(
      /^ {2}to go on {3}npm run .* --resume \S+ --yes --allow wipe --unrehearsed 'this is a spec'$/m,
    );
    await write([sh('migrate', 'on=nas', '[ -e mended ]'), sh('start', 'on=nas', 'true')], BACK);
    const { stdout } = await run();
    const [, words = ''] = /^ {2}to go on {3}npm run -s runbook -- (.*)$/m.exec(stdout) ?? [];
    expect(words).toMatch(/ --again migrate --unrehearsed 'this is a spec'$/);
    expect(stdout).toContain('look first: where migrate is done by now, say --done migrate instead');
    await writeFile(join(host.directory, 'mended'), '');
    const typed = words.replace(/^--runbook \S+ /, '').replace("'this is a spec'", 'a-spec');
    expect(await host.tool(...typed.split(' '))).toMatchObject({ status: 0 });
  });

  it('needs no database of the migration, which a step may be swapping', async () => {
    await write([sh('look', 'on=nas effect=reads', 'true')], [sh('restore', 'on=nas', 'true')]);
    await host.query('CREATE DATABASE beside');
    const text = await readFile(join(host.here, 'runbook.md'), 'utf8');
    await writeFile(join(host.here, 'runbook.md'), text.replace('name: crosshot }', 'name: beside }'));
    await host.query('ALTER DATABASE beside ALLOW_CONNECTIONS false');
    expect(await run()).toMatchObject({ status: 0 });
    await host.query('DROP DATABASE beside');
    expect(await run()).toMatchObject({ status: 0 });
  });

  const newestPage = async () => {
    const directory = (await runDirectories(join(host.here, '.runbook'))).at(-1) ?? '';
    expect(await readdir(directory)).toContain('report.html');
    return (await readFile(join(directory, 'report.html'), 'utf8')).replaceAll(/<[^>]*>/g, ' ');
  };
});
