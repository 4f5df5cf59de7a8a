import { chmod, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocument } from '../../tools/commands/read.ts';
import { writeDocument } from '../../tools/commands/write.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** A page that was read, and the directory that it alone is in. */
async function readPage() {
  const directory = await temporaryDirectory();
  const path = join(directory, 'page.md');
  await writeFile(path, '# Old\n');
  return { directory, path, document: await readDocument(path) };
}

it('a page is written in its place, with its mode, also through a link', async () => {
  const { directory, path } = await readPage();
  await chmod(path, 0o640);
  const link = join(directory, 'link.md');
  await symlink('page.md', link);
  await writeDocument(await readDocument(link), '# New\n');
  expect(await readFile(path, 'utf8')).toBe('# New\n');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect((await readdir(directory)).sort()).toEqual(['link.md', 'page.md']);
});

it('a page that was changed meanwhile is left as it is, and one that is gone is not written', async () => {
  const { directory, path, document } = await readPage();
  await writeFile(path, '# Other\n');
  await expect(writeDocument(document, '# New\n')).rejects.toMatchObject({
    name: 'CommandError',
    message: `${path} has been changed since it was read, and is left as it is`,
  });
  expect(await readFile(path, 'utf8')).toBe('# Other\n');
  await rm(path);
  await expect(writeDocument(document, '# New\n')).rejects.toMatchObject({
    name: 'CommandError',
    message: `${path} is not there any more, and is not written anew`,
  });
  expect(await readdir(directory)).toEqual([]);
});
