import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runbook } from '../support/shop.ts';
import { copyOf, temporaryDirectory } from '../support/tmp.ts';

const WRITTEN = ['.github/workflows/runbook.yml', 'runbook.md', 'runbook.spec.ts'];

const filesIn = async (directory: string) =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((name) => !name.startsWith('.runbook/'))
    .sort();

/** Checks and rehearses every procedure of what stands in a directory. */
async function passes(directory: string): Promise<void> {
  expect(await runbook(directory, 'check', '--strict')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  const rehearsed = await runbook(directory, 'rehearse', '--all', '--replica', 'embedded');
  expect(rehearsed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(rehearsed.stdout).toMatch(/^passed$/m);
}

describe('a new runbook rehearses at once', () => {
  it('in an empty directory', async () => {
    const directory = await temporaryDirectory();
    const { exitCode, stdout, stderr } = await runbook(directory, 'init');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n').slice(-2)).toEqual([
      'add .runbook/ to .gitignore: runs and replicas are kept there',
      'rehearse it with: npm run -s runbook -- rehearse',
    ]);
    expect(await filesIn(directory)).toEqual(WRITTEN);
    await passes(directory);
  });

  it('with a compose file', async () => {
    const directory = await copyOf('fixtures/others/todo');
    const words = ['--runbook', 'ops/change it.md', 'init', '--host', 'deploy@shop.example.com:/srv/shop'];
    const { exitCode } = await runbook(directory, ...words, '--compose', 'compose.yaml');
    expect(exitCode).toBe(0);
    const page = await readFile(join(directory, 'ops/change it.md'), 'utf8');
    expect(parse(page.split('---\n')[1] ?? '')).toEqual({
      hosts: { server: { ssh: 'deploy@shop.example.com', directory: '/srv/shop' } },
      database: { service: 'db', user: 'todo', name: 'todo' },
      replica: {
        stack: '../compose.yaml',
        ports: ['WEB_PORT'],
        order: ['main', 'back-to-before', 'main'],
      },
    });
    const rehearsal = ['--runbook', 'ops/change it.md', 'rehearse', '--all', '--replica', 'embedded'];
    expect(await runbook(directory, ...rehearsal)).toMatchObject({ exitCode: 0 });
  });

  it('with a database alone', async () => {
    const directory = await temporaryDirectory();
    expect(await runbook(directory, 'init', '--database', 'postgres:14')).toMatchObject({ exitCode: 0 });
    await passes(directory);
  });
});

it('writes nothing for a database that is no PostgreSQL', async () => {
  const directory = await temporaryDirectory();
  expect(await runbook(directory, 'init', '--database', 'mysql:8')).toMatchObject({
    exitCode: 2,
    stderr: '--database: mysql:8 is no PostgreSQL, whose SQL the blocks are in',
  });
  expect(await readdir(directory)).toEqual([]);
});

describe('a page of other people', () => {
  const from = (name: string) => ['init', '--from', resolve(`fixtures/foreign/${name}.md`)];

  it('is refused where it is no text', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'page.md'), Buffer.from('# Caf\xe9\n', 'latin1'));
    expect(await runbook(directory, 'init', '--from', 'page.md')).toMatchObject({
      exitCode: 2,
      stderr: 'page.md:1:6: byte 0xe9 is not UTF-8; save the file as UTF-8 [encoding]',
    });
    expect(await readdir(directory)).toEqual(['page.md']);
  });

  it('passes where it said all', async () => {
    const directory = await temporaryDirectory();
    expect(await runbook(directory, ...from('session'))).toMatchObject({ exitCode: 0 });
    await passes(directory);
  });

  it('passes with a database', async () => {
    const directory = await temporaryDirectory();
    expect(await runbook(directory, ...from('wiki'), '--database', 'postgres:14')).toMatchObject({
      exitCode: 0,
    });
    expect(await runbook(directory, 'rehearse', '--all', '--replica', 'embedded')).toMatchObject({
      exitCode: 0,
    });
  });

  it('is written with a list of work where it left something open', async () => {
    const directory = await temporaryDirectory();
    const { exitCode, stdout } = await runbook(directory, ...from('readme'));
    expect(exitCode).toBe(1);
    expect(stdout.split('\n').slice(4)).toEqual([
      '3 things are left to be done by hand:',
      expect.stringMatching(/^runbook\.md:7:1: an ssh session opens a shell.*\[interactive-shell\]$/),
      expect.stringMatching(/^runbook\.md:15:1: this never ends.*\[endless\]$/),
      expect.stringMatching(/^runbook\.md:23:17: “YYYY” waits for somebody.*\[placeholder\]$/),
      'then look again with: npm run -s runbook -- check',
    ]);
  });
});

describe('what is there stays', () => {
  it('a runbook', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'runbook.md'), 'mine');
    const { exitCode, stderr } = await runbook(directory, 'init');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'runbook.md is there already: name another with --runbook, or move it away',
    });
    expect(await filesIn(directory)).toEqual(['runbook.md']);
  });

  it('a spec and a workflow', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, '.github/workflows'), { recursive: true });
    for (const name of ['runbook.spec.ts', '.github/workflows/runbook.yml'])
      await writeFile(join(directory, name), 'mine');
    const { exitCode, stdout } = await runbook(directory, 'init');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('kept runbook.spec.ts, which was there');
    expect(stdout).toContain('kept .github/workflows/runbook.yml, which was there');
    for (const name of ['runbook.spec.ts', '.github/workflows/runbook.yml'])
      expect(await readFile(join(directory, name), 'utf8')).toBe('mine');
  });
});

describe('refuses', () => {
  const refused = async (directory: string, ...words: string[]) => {
    const { exitCode, stderr } = await runbook(directory, 'init', ...words);
    expect(exitCode).toBe(2);
    expect(await filesIn(directory)).not.toContain('runbook.md');
    return stderr;
  };

  it('a page that is not there', async () => {
    expect(await refused(await temporaryDirectory(), '--from', 'no.md')).toBe('no.md: there is no such file');
  });

  it('an address that is none', async () => {
    const said = await refused(await temporaryDirectory(), '--host', 'shop.example.com');
    expect(said).toBe('shop.example.com is no address: write user@host:/directory');
  });

  it('several servers, where nobody says which', async () => {
    const directory = await temporaryDirectory();
    const compose =
      'services: { one: { image: postgres:14 }, two: { image: postgres:16 }, web: { build: . } }';
    await writeFile(join(directory, 'docker-compose.yml'), compose);
    expect(await refused(directory)).toBe(
      'docker-compose.yml has several PostgreSQL services: say which with --service one|two',
    );
    expect(await refused(directory, '--service', 'on')).toBe(
      'docker-compose.yml has no PostgreSQL service on: did you mean one?',
    );
  });

  it('a compose file that cannot be read', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'compose.yaml'), 'services: [');
    expect(await refused(directory)).toMatch(/compose\.yaml:1:\d+: this is no YAML/);
  });
});

it('the workflow checks, rehearses on a matrix, and keeps the report', async () => {
  const directory = await temporaryDirectory();
  await runbook(directory, 'init', '--database', 'postgres:14');
  const { jobs } = parse(await readFile(join(directory, '.github/workflows/runbook.yml'), 'utf8'));
  expect(jobs.rehearse.strategy.matrix).toEqual({ postgres: [14, 15, 16, 17], data: ['small', 'large'] });
  const said = [...jobs.check.steps, ...jobs.rehearse.steps].flatMap(
    ({ run }: { run?: string }) => run ?? [],
  );
  expect(said).toEqual([
    '$RUNBOOK check --strict --format github',
    '$RUNBOOK doctor --install --postgres ${{ matrix.postgres }}',
    '$RUNBOOK rehearse --all --data ${{ matrix.data }} --postgres ${{ matrix.postgres }}',
  ]);
});
