import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresStack } from './support/shop.ts';

const PAGE = [
  ...['---', 'database: { service: postgres, user: shop, name: shop }', 'replica: { stack: stack }', '---'],
  ...['', '# Shop', '', '## Step 1: Look', ''],
  ...['```sql { name=look }', `SELECT count(*) AS n FROM pg_class WHERE relname = 'pg_class';`, '```', ''],
  ...['**Expected output:** n is 1', ''],
  ...['```sh { name=greet on=local }', 'echo hello', '```', '', '**Expected output:** prints "hello"', ''],
];

const OF_VITEST = [
  "import { describeRunbook } from 'testable-runbook/vitest';",
  "const { main } = describeRunbook('runbook.md', { replica: 'embedded' });",
  // Others may ask for it, whatever the page says.
  "if (typeof main.directory !== 'function') throw new Error('there is no rehearsal');",
];

/** As much of vitest's report in JSON as is looked at. */
interface JsonReport {
  testResults: {
    name: string;
    assertionResults: { title: string; status: string; location: { line: number } | null }[];
  }[];
}

/** Makes another project, with the package in it, a runbook and its stack. */
async function makeProject(project: string): Promise<void> {
  const packed = await execa('npm', ['pack', '--json', '--pack-destination', project]);
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[\n'))) as [
    { filename: string },
  ];
  await writeFile(join(project, 'package.json'), '{ "type": "module" }\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const { version } = JSON.parse(await readFile('node_modules/vitest/package.json', 'utf8'));
  await execa('npm', ['install', ...quiet, `./${filename}`, `vitest@${version}`], { cwd: project });
  await mkdir(join(project, 'stack'));
  await writeFile(join(project, 'stack/compose.yaml'), postgresStack('shop').join('\n'));
  await writeFile(join(project, 'runbook.md'), PAGE.join('\n'));
  await writeFile(join(project, 'runbook.spec.ts'), OF_VITEST.join('\n'));
}

describe('the package, in another project', () => {
  let project: string;
  const npx = (...words: string[]) =>
    execa('npx', ['--no-install', ...words], { cwd: project, reject: false, env: { NO_COLOR: '1' } });
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'runbook-package-'));
    await makeProject(project);
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  it('has what runs, and neither sources nor specs', async () => {
    const home = join(project, 'node_modules/testable-runbook');
    const names = await readdir(home, { recursive: true });
    expect(names).toEqual(expect.arrayContaining(['dist/runbook.mjs', 'dist/runbook.script.js', 'LICENSE']));
    expect(names.filter((name) => /(?<!\.d)\.ts$|spec/.test(name))).toEqual([]);
    // What it is made with stays behind, and what it is made of is in it.
    const installed = await readdir(join(project, 'node_modules'));
    expect(installed).not.toEqual(expect.arrayContaining(['tsx']));
    expect(installed).not.toEqual(expect.arrayContaining(['commander']));
  });

  it('has the command, which checks and rehearses', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await npx('runbook', '--version')).toMatchObject({ stdout: version, exitCode: 0 });
    expect(await npx('runbook', 'check')).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
    const { stdout, exitCode } = await npx('runbook', 'rehearse', '--replica', 'embedded');
    expect(stdout).toContain('2 of 2 blocks and 2 of 2 expectations passed');
    expect(exitCode).toBe(0);
  });

  it('gives each sentence as a test, and fails it at its line of the page with both sides', async () => {
    const passed = await npx('vitest', 'run', '--reporter=verbose');
    expect(passed.stdout).toMatch(/✓ runbook\.spec\.ts > runbook\.md > main > look > n is 1/);
    expect(passed.stdout).toMatch(/✓ runbook\.spec\.ts > runbook\.md > main > greet > prints "hello"/);
    expect(passed.exitCode).toBe(0);
    await writeFile(join(project, 'runbook.md'), PAGE.join('\n').replace('prints "hello"', 'prints "world"'));
    const failed = await npx('vitest', 'run');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/FAIL .*runbook\.md > main > greet > prints "world"/);
    expect(failed.stderr).toMatch(/❯ runbook\.md:20:1/);
    expect(failed.stderr).toMatch(/Expected: +"prints “world”"\nReceived: +"hello"/);
    expect(failed.stderr).toContain('Failed Tests 1 ');
  });

  it('makes the page a file of tests, in which each stands at its line', async () => {
    const config = [
      "import { runbookTests } from 'testable-runbook/vitest-plugin';",
      "export default { plugins: [runbookTests({ replica: 'embedded' })], test: { include: ['runbook.md'] } };",
    ];
    await writeFile(join(project, 'page.config.ts'), config.join('\n'));
    await writeFile(join(project, 'runbook.md'), PAGE.join('\n').replace('prints "hello"', 'prints "world"'));
    const told = join(project, 'page.json');
    const words = ['--config', 'page.config.ts', '--reporter=json', `--outputFile=${told}`];
    const { exitCode } = await npx('vitest', 'run', ...words);
    const { testResults } = JSON.parse(await readFile(told, 'utf8')) as JsonReport;
    expect(testResults.map(({ name }) => name)).toEqual([join(project, 'runbook.md')]);
    const tests = testResults[0]?.assertionResults ?? [];
    expect(tests.map(({ title, status, location }) => [title, status, location?.line])).toEqual([
      ['has no problem', 'passed', 1],
      ['main > comes to its end', 'passed', 1],
      ['main > look > runs to its end', 'passed', 10],
      ['main > look > n is 1', 'passed', 14],
      ['main > greet > runs to its end', 'passed', 16],
      ['main > greet > prints "world"', 'failed', 20],
    ]);
    expect(exitCode).toBe(1);
  });

  it('shows the problems of a page that is not sound, and rehearses nothing', async () => {
    await writeFile(join(project, 'runbook.md'), PAGE.join('\n').replace('name=look', 'nmae=look'));
    const { stderr, exitCode } = await npx('vitest', 'run');
    expect(stderr).toMatch(/FAIL .*runbook\.md > has no problem/);
    expect(stderr).toMatch(/10:\d+: .*nmae/);
    expect(exitCode).toBe(1);
  });

  it('has types', async () => {
    const uses = [
      "import { splitSql } from 'testable-runbook';",
      "import { describeRunbook } from 'testable-runbook/vitest';",
      "export const n: number = (await splitSql('SELECT 1')).length;",
      '// @ts-expect-error there is no such replica',
      "describeRunbook('runbook.md', { replica: 'nowhere' });",
    ];
    await writeFile(join(project, 'uses.ts'), uses.join('\n'));
    const strictly = ['--strict', '--module', 'nodenext', '--target', 'es2023', 'uses.ts'];
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const { stdout, exitCode } = await execa(process.execPath, [tsc, '--noEmit', ...strictly], {
      cwd: project,
      reject: false,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
  });
});
