/**
 * `npm run recording`: rehearses the runbook in a directory, in which a sentence has become another, and writes what the
 * terminal shows of it to docs/rehearsal.svg, and its report to docs/report.png. So the pictures are true for as long as
 * somebody makes them anew.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { chromium } from 'playwright-core';
import { type RecordedLine, svgOf } from './docs/recording.ts';
import { chromiumPath } from './machine/chromium.ts';

const COLUMNS = 96;
const [source = '', sentence = '', other = ''] = process.argv.slice(2);
const START = resolve('tools/start.mjs');

/** A report as a browser shows it, from its second step on. */
async function photograph(page: string, picture: string): Promise<void> {
  const executablePath = chromiumPath();
  if (executablePath === null)
    throw new Error('there is no Chromium: `npm run -s runbook -- doctor --install`');
  // As root, Chromium runs in no sandbox of its own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const tab = await browser.newPage({ viewport: { width: 900, height: 760 }, deviceScaleFactor: 1 });
    await tab.goto(pathToFileURL(page).href);
    // Of the machine, which stands above the steps, nobody needs to know.
    await tab.evaluate("document.querySelectorAll('h2')[1].scrollIntoView()");
    await tab.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}

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
    if (!/^ {2}on /.test(text)) lines.push({ text, atMs: performance.now() - began });
  }
  await writeFile('docs/rehearsal.svg', svgOf(lines, COLUMNS));
  await photograph(join(directory, '.runbook/last/report.html'), 'docs/report.png');
} finally {
  await rm(home, { recursive: true, force: true });
}
