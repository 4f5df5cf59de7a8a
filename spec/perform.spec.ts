import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { expect, inject, it } from 'vitest';
import { conclude } from '../tools/commands/conclude.ts';
import { REPORT_FORMATS } from '../tools/commands/formats.ts';
import { report as printReport } from '../tools/commands/report.ts';
import { readJournal } from '../tools/journal/journal.ts';
import { makePlan } from '../tools/plan/plan.ts';
import { foldReport } from '../tools/report/report.ts';
import { documentOf } from './support/document.ts';
import { HERE, performHere } from './support/perform.ts';
import { temporaryDirectory } from './support/tmp.ts';

/** Runs a runbook of these lines as a command would, with what it left on disk and on the screen. */
async function performed(
  lines: string[],
  environment: Record<string, string> = {},
  { frontMatter = [], ...more }: { frontMatter?: string[]; connect?: () => Duplex } = {},
) {
  const home = join(await temporaryDirectory(), '.runbook');
  const document = documentOf(...frontMatter, '# Shop', '', '## Step 1: All', ...lines);
  const planned = makePlan(document, null, HERE);
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  let screen = '';
  const write = (text: string) => {
    screen += text;
  };
  const report = await performHere(document, planned.plan, { home, environment, write, ...more });
  const directory = join(home, 'last');
  const files = await readdir(directory);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return { report, home, directory, files: files.sort(), all: [screen, ...texts].join('\n'), screen };
}

const sh = (name: string, ...script: string[]) => [
  '```sh { name=%n on=local }'.replace('%n', name),
  ...script,
  '```',
  '',
];

it('a block’s end is on disk before the next block starts', async () => {
  const { report } = await performed([
    ...sh('first', 'true'),
    ...sh(
      'second',
      'pattern=\'s/.*"type":"(block-[a-z]+)".*"name":"([a-z]+)".*/\\1 \\2/p\'',
      'sed -nE "$pattern" "$RUNBOOK_RUN/journal.jsonl"',
    ),
    '**Expected output:**',
    '',
    '```text',
    'block-started first',
    'block-finished first',
    'block-started second',
    '```',
  ]);
  expect(report.blocks[1]?.expectations).toMatchObject([{ status: 'passed' }]);
});

it('every run leaves its journal and its reports, which say the same', async () => {
  const { report, home, directory, files } = await performed(sh('first', 'echo hello'));
  expect(files).toEqual(['journal.jsonl', 'page.md', 'report.html', 'report.json']);
  expect(JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'))).toEqual(report);
  expect(foldReport(await readJournal(directory))).toEqual(report);
  expect(conclude(report, home, false)[1]).toBe(0);
  expect(conclude(report, home, true)[1]).toBe(130);
});

it('its report is printed in every form, of the newest run or of one that is named', async () => {
  const { report, home } = await performed(sh('first', 'echo hello'));
  const begins = { json: '{', html: '<!doctype html>', junit: '<?xml ', markdown: '### ✅ Shop: passed' };
  for (const format of REPORT_FORMATS) {
    const printed: string[] = [];
    for (const id of [null, report.id]) await printReport(home, id, format, (text) => printed.push(text));
    expect(printed[0]?.startsWith(begins[format])).toBe(true);
    expect(printed[1]).toBe(printed[0]);
  }
});

it('a run that an error of the tool ends is recorded so, with its reports, and the error is not hidden', async () => {
  const home = join(await temporaryDirectory(), '.runbook');
  const document = documentOf(
    '# Shop',
    '',
    '## Step 1: All',
    ...sh('first', 'true'),
    '- [ ] It is night.',
    '',
  );
  const planned = makePlan(document, null, HERE);
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  const ask = () => Promise.reject(new TypeError('a bug'));
  await expect(performHere(document, planned.plan, { home, ask })).rejects.toThrow(TypeError);
  const directory = join(home, 'last');
  const why = 'the tool could not go on: a bug';
  expect((await readJournal(directory)).at(-1)).toMatchObject({
    type: 'run-finished',
    status: 'aborted',
    why,
  });
  expect(JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'))).toMatchObject({ why });
});

it('a run that failed ends with 1', async () => {
  const { report, home } = await performed(sh('first', 'exit 3'));
  expect(conclude(report, home, false)[1]).toBe(1);
});

it('a run of which something is unknown ends with 3', async () => {
  const { report, home } = await performed(sh('first', 'true'));
  expect(conclude({ ...report, status: 'unknown' }, home, false)[1]).toBe(3);
});

it('a run that was aborted ends with 3, and one that was interrupted with 130', async () => {
  const { report, home } = await performed(sh('first', 'true'));
  const aborted = { ...report, status: 'aborted' as const };
  expect(conclude(aborted, home, false)[1]).toBe(3);
  expect(conclude(aborted, home, true)[1]).toBe(130);
});

it('no secret is on disk or on the screen: of the environment, exported, captured, or in a URL', async () => {
  const secrets = {
    SHOP_PASSWORD: 'env-secret',
    TMP_TOKEN: 'exported-secret',
    PIN: 'captured-secret',
    URL: 'url-secret',
  };
  const { report, all } = await performed(
    [
      ...sh(
        'leak',
        `export SESSION_TOKEN=$(printf 'exported-%s' secret)`,
        'echo "$SHOP_PASSWORD and $SESSION_TOKEN" >&2',
        `printf 'postgres://shop:url-%s@localhost/shop\\n' secret`,
        `printf 'token=captured-%s\\n' secret`,
        'false',
      ),
      '**Expected output:**',
      '',
      '```text',
      '...',
      'token=<session_token>',
      'never',
      '```',
      ...sh('after', 'echo "$SHOP_PASSWORD"'),
    ],
    { SHOP_PASSWORD: secrets.SHOP_PASSWORD },
  );
  expect(report.status).toBe('failed');
  expect(report.blocks[0]?.stdout).toBe('postgres://shop:***@localhost/shop\ntoken=***\n');
  for (const secret of Object.values(secrets)) expect(all).not.toContain(secret);
});

/** The specs' server for a database, which blocks see as DATABASE_URL. */
const withDatabase = () => ({
  frontMatter: ['---', 'database: { service: postgres, user: crosshot, name: postgres }', '---', ''],
  connect: () => connect(join(inject('postgresSocketDirectory'), '.s.PGSQL.5432')),
});

it('the password of the database’s proxy is nowhere, in its URL or alone', async () => {
  const { report, all } = await performed(
    [
      ...sh(
        'leak',
        'password=${DATABASE_URL#*://*:} password=${password%@*}',
        'echo "$DATABASE_URL, alone $password"',
        'echo "${password:0:24} ${password:24}" >&2',
        'false',
      ),
    ],
    {},
    withDatabase(),
  );
  // The block had the true one: its halves are no secret that is known.
  const password = report.blocks[0]?.stderr.trim().replace(' ', '') ?? '';
  expect(password).toMatch(/^[0-9a-f]{48}$/);
  expect(report.blocks[0]?.stdout).toMatch(
    /^postgresql:\/\/crosshot:\*\*\*@127\.0\.0\.1:\d+\/postgres, alone \*\*\*\n$/,
  );
  expect(all).not.toContain(password);
});

it('a password that is spelled like a word of the tool’s spoils no journal', async () => {
  for (const word of ['passed', 'block', 'first', 'shell', 'here', 'main', 'step', 'local']) {
    const { report } = await performed([...sh('first', `echo ${word}`), '**Expected:** prints 1 line'], {
      SHOP_PASSWORD: word,
    });
    expect(report).toMatchObject({
      status: 'passed',
      procedure: 'main',
      target: { name: 'here' },
      blocks: [{ name: 'first', on: 'local', stdout: '***\n', exit_code: 0, section: 'step-1' }],
      totals: { expectations_passed: 1 },
    });
  }
});

it('a block that prints a word of 2 MB ends, and is on disk as it was', async () => {
  const { report } = await performed(sh('long', 'head -c 2097152 /dev/zero | tr "\\0" x'));
  expect(report.status).toBe('passed');
  expect(report.blocks[0]?.stdout === 'x'.repeat(2 ** 21)).toBe(true);
});
