import { expect, it } from 'vitest';
import { COMMANDS } from '../../tools/commands/table.ts';
import { startTool } from '../support/tool.ts';

/** What help prints, in a terminal of 80 columns or in none. */
const helpOf = async (...words: string[]) => {
  const { stdout, stderr, exitCode } = await startTool([...words, '--help']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return `${stdout}\n`;
};

it('the help of the tool is all that it was', async () => {
  await expect(await helpOf()).toMatchFileSnapshot('help/runbook.txt');
});

it.each(COMMANDS.map(({ name }) => name))('the help of %s is all that it was', async (name) => {
  await expect(await helpOf(name)).toMatchFileSnapshot(`help/${name}.txt`);
});

it.each(COMMANDS.map((command) => [command.name, command] as const))(
  'what %s says of itself is sentences',
  (_, command) => {
    const texts = [command, ...command.arguments, ...command.options].map(({ description }) => description);
    for (const text of texts) expect(text).toMatch(/^(This|The) [^.]+\.$/);
  },
);
