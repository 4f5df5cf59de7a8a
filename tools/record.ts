/**
 * `npm run recording`: rehearses the runbook in a directory, in which a sentence has become another, and writes what the
 * terminal shows of it to docs/rehearsal.svg, its report to docs/report.png, and the notebook in which it ran to
 * docs/notebook.png and docs/notebook-phone.png. So the pictures are true for as long as somebody makes them anew.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { type Browser, chromium } from 'playwright-core';
import { type RecordedLine, svgOf } from './docs/recording.ts';
import { chromiumPath } from './machine/chromium.ts';

const COLUMNS = 96;
const [source = '', sentence = '', other = ''] = process.argv.slice(2);
const START = resolve('tools/start.mjs');

function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null)
    throw new Error('there is no Chromium: `npm run -s runbook -- doctor --install`');
  // As root, Chromium runs in no sandbox of its own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** A report as a browser shows it, from its second step on. */
async function photographReport(browser: Browser, page: string): Promise<void> {
  const tab = await browser.newPage({ viewport: { width: 900, height: 760 }, deviceScaleFactor: 1 });
  await tab.goto(pathToFileURL(page).href);
  // Of the machine, which stands above the steps, nobody needs to know.
  await tab.evaluate("document.querySelectorAll('h2')[1].scrollIntoView()");
  await tab.screenshot({ path: 'docs/report.png' });
}

/** A notebook in which the page has run, on two widths and in both schemes. */
async function photographNotebook(browser: Browser, directory: string): Promise<void> {
  const open = execa(process.execPath, [START, 'runbook', 'open', '--replica', 'embedded'], {
    ...{ cwd: directory, reject: false },
  });
  try {
    const url = await addressIn(open.stdout);
    const tab = await browser.newPage({ viewport: { width: 1200, height: 820 } });
    await tab.goto(url);
    await tab.getByRole('button', { name: 'Run it on a replica' }).click();
    await tab
      .getByRole('status')
      .getByText(/main: (passed|failed)/)
      .waitFor({ timeout: 120_000 });
    await tab.getByRole('heading', { name: 'Step 2' }).scrollIntoViewIfNeeded();
    await tab.evaluate("document.querySelectorAll('h2')[1].scrollIntoView(); scrollBy(0, -190)");
    await tab.screenshot({ path: 'docs/notebook.png' });
    const phone = await browser.newPage({ viewport: { width: 390, height: 760 }, colorScheme: 'dark' });
    await phone.goto(url);
    await phone.getByRole('region', { name: 'What went wrong' }).waitFor();
    await phone.screenshot({ path: 'docs/notebook-phone.png' });
  } finally {
    open.kill('SIGINT');
    await open;
  }
}

/** Where the notebook is open, as its tool says it. Throws where it ends without a word. */
async function addressIn(output: Readable): Promise<string> {
  let printed = '';
  // The process goes on when its first words are read: so the stream stays open.
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    printed += chunk;
    const url = /is open at (http:\S+)/.exec(printed)?.[1];
    if (url) return url;
  }
  throw new Error(`the notebook did not open: ${printed}`);
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
  const browser = await launch();
  try {
    await photographReport(browser, join(directory, '.runbook/last/report.html'));
    await photographNotebook(browser, directory);
  } finally {
    await browser.close();
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
