import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { runbook, runbookDirectory, sh } from '../support/shop.ts';
import { startTool } from '../support/tool.ts';

const SECRET = 'correct-horse-battery';

/** A runbook for a host whose ssh says this on its standard error and gives up. */
async function withSsh(saying: string) {
  const directory = await runbookDirectory([
    ...['---', 'nas: { ssh: shop, directory: /srv/shop }'],
    ...['database: { service: postgres, user: shop, name: shop }', '---', '# Shop', '## Step 1: Go', ''],
    ...sh('greet', 'local', 'true'),
  ]);
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\nprintf '%b\\n' '${saying}' >&2\nexit 255\n`);
  await chmod(join(bin, 'ssh'), 0o755);
  return startTool(['run', 'main', '--on', 'nas', '--yes', '--unrehearsed', 'a spec'], {
    directory,
    environment: { PATH: [bin, process.env.PATH].join(delimiter), SHOP_PASSWORD: SECRET },
  });
}

it.each([
  ['as it is', SECRET],
  ['with an escape sequence in its middle', SECRET.replace('-', '\\033[1m-')],
])('a secret that ssh speaks of, %s, is masked in the message', async (_, spoken) => {
  const { exitCode, stderr } = await withSsh(`refused: ${spoken}`);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('shop cannot be reached');
  expect(stderr).toContain('refused: ***');
  expect(stderr).not.toContain('horse');
});

it('what ssh says to a terminal is not said to it in the message', async () => {
  const { stderr } = await withSsh('\\033[2J\\033]0;title\\007refused\\342\\200\\256');
  expect(stderr).toContain('refused<U+202E>');
  expect([...stderr].filter((sign) => sign < ' ' && sign !== '\n')).toEqual([]);
});

it('nor are the command line’s own words', async () => {
  const directory = await runbookDirectory(['# Shop']);
  expect(await runbook(directory, 'check', '\u001b[31mno\u202esuch.md')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'no<U+202E>such.md: there is no such file',
  });
  const { exitCode, stderr } = await runbook(directory, 'check', '--\u001b[31mred');
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "error: unknown option '--red'" });
});
