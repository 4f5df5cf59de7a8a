/**
 * `npm run recording`: rehearses the runbook in a directory, in which a sentence has become another, and writes what the
 * terminal shows of it to docs/rehearsal.svg. So the picture is true for as long as somebody makes it anew.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { type RecordedLine, svgOf } from './docs/recording.ts';

const COLUMNS = 96;
const [source = '', sentence = '', other = ''] = process.argv.slice(2);
const START = resolve('tools/start.mjs');

const home = await mkdtemp(join(tmpdir(), 'runbook-recording-'));
try {
  const directory = join(home, 'copy');
  await cp(source, directory, {
    recursive: true,
    filter: (path) => basename(path) !== '.runbook',
  });
  const page = join(directory, 'runbook.md');
  await writeFile(page, (await readFile(page, 'utf8')).replace(sentence, other));
  const lines: RecordedLine[] = [{ text: '\u001b[1m$ runbook rehearse\u001b[22m', atMs: 0 }];
  const began = performance.now();
  const child = execa(process.execPath, [START, 'runbook', 'rehearse', '--replica', 'embedded'], {
    ...{ cwd: directory, reject: false, all: true },
    env: { FORCE_COLOR: '1', COLUMNS: String(COLUMNS) },
  });
  for await (const line of child.iterable({ from: 'all' })) {
    const text = String(line).replaceAll(directory, '.');
    if (!/^ {2}on /.test(text) && !text.startsWith('  … '))
      lines.push({ text, atMs: performance.now() - began });
  }
  await writeFile('docs/rehearsal.svg', svgOf(lines, COLUMNS));
} finally {
  await rm(home, { recursive: true, force: true });
}
