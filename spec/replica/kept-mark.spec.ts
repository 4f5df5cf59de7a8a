import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isKept, keepDirectory } from '../../tools/replica/kept-mark.ts';
import { temporaryDirectory } from '../support/tmp.ts';

it('a replica that is kept stays until it is removed, or for as long as the process lives that made it', async () => {
  const home = await temporaryDirectory();
  expect(isKept(home)).toBe(false);
  await keepDirectory(home, 'removed');
  expect(isKept(home)).toBe(true);
  await keepDirectory(home, 'ended');
  expect(isKept(home)).toBe(true);
  await writeFile(join(home, 'kept'), `${JSON.stringify({ pid: process.pid, started: 'before it' })}\n`);
  expect(isKept(home)).toBe(false);
});

it('one whose mark cannot be read stays', async () => {
  const home = await temporaryDirectory();
  await mkdir(join(home, 'kept'));
  expect(isKept(home)).toBe(true);
});
