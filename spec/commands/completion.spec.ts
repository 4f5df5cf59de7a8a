import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { runbook, runbookDirectory, sh } from '../support/shop.ts';
import { toolArguments } from '../support/tool.ts';

const PAGE = [
  ...['---', 'hosts: { nas: { ssh: shop, directory: /srv }, other: { ssh: shop, directory: /srv } }', '---'],
  ...['# Shop', '', '## Step 1: All', '', ...sh('look', 'nas', 'true'), ...sh('log', 'nas', 'true')],
  ...['## Back', '', ...sh('undo', 'nas', 'true')],
];

let directory: string;
beforeEach(async () => {
  directory = await runbookDirectory(PAGE);
  await mkdir(join(directory, '.runbook/runs/20260101-000000-aaaa'), { recursive: true });
  await mkdir(join(directory, '.runbook/replicas/runbook-01234567'), { recursive: true });
});

const wordsFor = async (...words: string[]) => {
  const { stdout, stderr, exitCode } = await runbook(directory, 'completion', 'words', '--', ...words);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout.split('\n').filter(Boolean);
};

describe('what the words can go on with', () => {
  it.each<[string[], string[]]>([
    [['re'], ['rehearse', 'report']],
    [['run'], ['run', 'runs']],
    [['--ver'], ['--version']],
    [
      ['rehearse', '--from', 'lo'],
      ['look', 'log'],
    ],
    [
      ['runs', '--format', ''],
      ['text', 'json'],
    ],
    [['rehearse', '--repl'], ['--replica']],
    [
      ['rehearse', '--replica', ''],
      ['auto', 'embedded', 'docker'],
    ],
    [['rehearse', '--data', ''], []],
    [['rehearse', '--on', ''], ['runbook-01234567']],
    [
      ['run', 'lo'],
      ['look', 'log'],
    ],
    [
      ['run', ''],
      ['main', 'back', 'look', 'log', 'undo'],
    ],
    [
      ['run', 'main', '--on', ''],
      ['nas', 'other'],
    ],
    [['run', 'main', '--allow', 'u'], ['undo']],
    [['down', ''], ['runbook-01234567']],
    [['report', ''], ['20260101-000000-aaaa']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'words'],
    ],
    [['--runbook', ''], []],
    [['check', ''], []],
  ])('%j', async (words, expected) => {
    expect(await wordsFor(...words)).toEqual(expected);
  });

  it('of another page', async () => {
    await writeFile(
      join(directory, 'other page.md'),
      ['# B', '', '## Up', '', ...sh('b', 'local', 'true')].join('\n'),
    );
    expect(await wordsFor('--runbook', 'other page.md', 'plan', '')).toEqual(['up', 'b']);
  });
});

it('bash completes with it', async () => {
  const [start, ...words] = [process.execPath, ...toolArguments()].map((word) => `'${word}'`);
  const script = [
    `runbook() { ${start} ${words.join(' ')} "$@"; }`,
    'eval "$(runbook completion bash)"',
    'COMP_WORDS=(runbook run main --on "") COMP_CWORD=4',
    '_runbook && printf "%s\\n" "${COMPREPLY[@]}"',
    'complete -p runbook',
  ];
  const { stdout } = await execa('bash', ['-c', script.join('\n')], { cwd: directory });
  expect(stdout.split('\n')).toEqual(['nas', 'other', 'complete -o default -F _runbook runbook']);
});
