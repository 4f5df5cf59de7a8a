import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pictureIn, picturesOf, watchFiles } from '../../tools/journal/files.ts';
import { runDirectory } from '../../tools/text/home.ts';
import { at, finished, runStarted } from '../support/events.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('what blocks leave beside a journal', () => {
  it('is told once, and again when it has become another; the tool’s own files are nobody’s', async () => {
    const directory = await temporaryDirectory();
    const left = watchFiles(directory);
    await writeFile(join(directory, 'journal.jsonl'), '');
    expect(await left.since()).toEqual([]);
    await mkdir(join(directory, 'shots'));
    await writeFile(join(directory, 'shots', 'b.png'), PNG);
    await writeFile(join(directory, 'a\n.txt'), 'a');
    expect(await left.since()).toEqual(['a\n.txt', 'shots/b.png']);
    expect(await left.since()).toEqual([]);
    await utimes(join(directory, 'shots', 'b.png'), 1, 1);
    expect(await left.since()).toEqual(['shots/b.png']);
  });

  it('is a file: links, fifos and directories are none, and a directory that is gone holds nothing', async () => {
    const directory = await temporaryDirectory();
    await symlink('/etc/passwd', join(directory, 'link.png'));
    execFileSync('mkfifo', [join(directory, 'fifo.png')]);
    const left = watchFiles(directory);
    expect(await left.since()).toEqual([]);
    await rm(directory, { recursive: true });
    expect(await left.since()).toEqual([]);
  });
});

describe('a picture', () => {
  it.each([
    ['a.png', PNG, 'image/png'],
    ['a.JPG', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'image/jpeg'],
    ['a.gif', Buffer.from('GIF89a'), 'image/gif'],
    ['a.webp', Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1'), 'image/webp'],
    // By what it holds, and not by its name.
    ['jpeg.png', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'image/jpeg'],
    ['html.png', Buffer.from('<script>alert(1)</script>'), null],
    ['a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), null],
    ['empty.png', Buffer.alloc(0), null],
  ])('%s is what it begins with', async (name, bytes, type) => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, name), bytes);
    const picture = await pictureIn(directory, name);
    expect(picture?.type ?? null).toBe(type);
    if (type) expect(picture?.bytes.equals(bytes)).toBe(true);
  });

  it('is not read through a link, out of a fifo, where it is too large, or where it is not there', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'there.png'), PNG);
    await symlink('there.png', join(directory, 'link.png'));
    execFileSync('mkfifo', [join(directory, 'fifo.png')]);
    await writeFile(join(directory, 'large.png'), PNG);
    await truncate(join(directory, 'large.png'), 9 * 1024 * 1024);
    await mkdir(join(directory, 'directory.png'));
    for (const name of ['link.png', 'fifo.png', 'large.png', 'directory.png', 'gone.png'])
      expect(await pictureIn(directory, name)).toBeNull();
    expect(await pictureIn(join(directory, 'directory.png'), '../there.png')).toBeNull();
    expect(await pictureIn(directory, join(directory, 'there.png'))).toBeNull();
    expect(await pictureIn(directory, 'there.png')).not.toBeNull();
  });

  it('of a block that an earlier run ran is in the directory of that run', async () => {
    const home = await temporaryDirectory();
    const [earlier, now] = ['20260301-010000-aaaa', '20260301-020000-bbbb'];
    for (const run of [earlier, now]) await mkdir(runDirectory(home, run), { recursive: true });
    await writeFile(join(runDirectory(home, earlier), 'then.png'), PNG);
    await writeFile(join(runDirectory(home, now), 'now.png'), PNG);
    const pictures = await picturesOf(home, [
      runStarted({ id: now }),
      {
        ...finished('carried'),
        ...{ type: 'block-carried', because: 'passed', from: { run: earlier, at }, files: ['then.png'] },
      },
      { ...finished('shown'), files: ['now.png', 'gone.png', 'notes.txt'] },
    ]);
    expect([...pictures].map(([block, all]) => [block, all.map(({ name }) => name)])).toEqual([
      ['carried', ['then.png']],
      ['shown', ['now.png']],
    ]);
  });
});
