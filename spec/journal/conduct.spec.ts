import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { report as printReport, REPORT_FORMATS } from '../../tools/commands/report.ts';
import { conclude, conduct } from '../../tools/commands/session.ts';
import { readJournal } from '../../tools/journal/journal.ts';
import { makeSecrets } from '../../tools/journal/secrets.ts';
import { makePlan } from '../../tools/plan/plan.ts';
import { foldReport } from '../../tools/report/report.ts';
import { styleFor } from '../../tools/report/style.ts';
import { terminalReport } from '../../tools/report/terminal.ts';
import { documentOf } from '../support/document.ts';
import { localTarget } from '../support/target.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** Runs a runbook of these lines as a command would, with what it left on disk and on the screen. */
async function conducted(lines: string[], environment: Record<string, string> = {}) {
  const home = join(await temporaryDirectory(), '.runbook');
  const document = documentOf('# Shop', '', '## Step 1: All', ...lines);
  const target = await localTarget('/', environment);
  const planned = makePlan(document, null, target.facts);
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  let screen = '';
  const write = (text: string) => {
    screen += text;
  };
  const session = {
    document,
    home,
    terminal: terminalReport({ write, columns: null, style: styleFor({}, {}) }),
    secrets: makeSecrets(environment),
    startedAt: new Date(),
    resumes: null,
  };
  const options = { signal: new AbortController().signal, ask: async () => 'assumed' as const };
  const run = await conduct(session, planned.plan, target, [], options);
  const report = await run.finish([]);
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
  const { report } = await conducted([
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
  const { report, home, directory, files } = await conducted(sh('first', 'echo hello'));
  expect(files).toEqual(['journal.jsonl', 'report.html', 'report.json']);
  expect(JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'))).toEqual(report);
  expect(foldReport(await readJournal(directory))).toEqual(report);
  expect(conclude(report, home, false)[1]).toBe(0);
  expect(conclude(report, home, true)[1]).toBe(130);
});

it('its report is printed in every form, of the newest run or of one that is named', async () => {
  const { report, home } = await conducted(sh('first', 'echo hello'));
  const begins = { json: '{', html: '<!doctype html>', junit: '<?xml ', markdown: '### ✅ Shop: passed' };
  for (const format of REPORT_FORMATS) {
    const printed: string[] = [];
    for (const id of [null, report.id]) await printReport(home, id, format, (text) => printed.push(text));
    expect(printed[0]?.startsWith(begins[format])).toBe(true);
    expect(printed[1]).toBe(printed[0]);
  }
});

it('a run that failed ends with 1', async () => {
  const { report, home } = await conducted(sh('first', 'exit 3'));
  expect(conclude(report, home, false)[1]).toBe(1);
});

it('a run that was aborted ends with 3, and one that was interrupted with 130', async () => {
  const { report, home } = await conducted(sh('first', 'true'));
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
  const { report, all } = await conducted(
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
