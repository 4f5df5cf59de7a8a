import { execa } from 'execa';
import { expect, it } from 'vitest';

it('the tables in the documentation are what the code says', async () => {
  const { exitCode, stderr } = await execa('node_modules/.bin/tsx', ['tools/docs.ts', '--check'], {
    reject: false,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
