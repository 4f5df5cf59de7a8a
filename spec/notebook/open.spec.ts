import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { launch } from '../../tools/crosshot/dashboard/view.ts';
import { describeWith } from '../support/requires.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';
import { article, becomes, becomesStatus, end, expectAccessible, look, opened } from './browser.ts';

const sh = (name: string, script: string, ...expected: string[]) => [
  `\`\`\`sh { name=${name} on=local effect=reads timeout=5m }`,
  script,
  '```',
  '',
  '**Expected output:**',
  ...expected.map((one) => `- ${one}`),
  '',
];

const HOSTILE = '</pre><script>window.hacked = true</script><img src=x onerror="window.hacked = true">';

/** A page of shell alone, whose blocks wait for files in a directory. */
const pageIn = (directory: string, greeting = 'hello') => [
  '# Notebook',
  '',
  `Words, a [link](javascript:window.hacked=1), ![a picture](http://127.0.0.1:9/x.png) and ${HOSTILE}.`,
  '',
  '## Step 1: Speak',
  '',
  ...sh('hello', 'echo hello', `prints "${greeting}"`),
  ...sh(
    'slow',
    `echo first; until [ -e ${directory}/go ]; do read -t 0.1 < <(:) || :; done; echo last`,
    'contains "last"',
  ),
  ...sh('mended', `cat ${directory}/mended`, 'prints "mended"'),
  ...sh('hostile', `echo '${HOSTILE}'; printf '\\033[31mred\\033[0m\\n'`, 'contains "red"'),
];

describeWith(['chromium'], 'a notebook', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** Opens a page in a directory that is gone when the calling test is, and looks at it. */
  async function start() {
    const directory = await temporaryDirectory();
    const path = join(directory, 'runbook.md');
    const write = (lines: string[]) => writeFile(path, `${lines.join('\n')}\n`);
    await write(pageIn(directory));
    const notebook = await opened(startTool(['open', path]));
    onTestFinished(() => void notebook.process.kill('SIGKILL'));
    const looking = await look(browser, notebook.url);
    onTestFinished(() => looking.page.context().close());
    return {
      directory,
      write,
      leave: (name: string, text = '') => writeFile(join(directory, name), text),
      notebook,
      ...looking,
    };
  }

  const run = (page: Awaited<ReturnType<typeof look>>['page'], name: string) =>
    page.getByRole('button', { name: `Run ${name}`, exact: true }).click();

  it('runs a block, shows what it prints while it prints it, and the verdict beside the sentence', async () => {
    const { page, leave, notebook, complaints } = await start();
    await run(page, 'slow');
    await article(page, 'slow').locator('.tail', { hasText: 'first' }).waitFor();
    expect(await article(page, 'slow').getAttribute('class')).toBe('running');
    expect(await page.getByRole('status').textContent()).toMatch(/slow:\s+slow/);
    await leave('go');
    await becomes(page, 'slow', 'passed');
    const sentence = page.locator('li', { hasText: 'contains "last"' });
    await sentence.getByRole('img', { name: 'passed' }).waitFor();
    await page.getByRole('status').getByText('slow: passed').waitFor();
    expect(await end(notebook)).toBe(130);
    expect(complaints.filter((one) => !/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED)/.test(one))).toEqual([]);
  });

  it('shows both sides of what failed, and passes when it is tried again', async () => {
    const { page, leave } = await start();
    await leave('mended', 'broken\n');
    await run(page, 'mended');
    await becomes(page, 'mended', 'failed');
    const wrong = page.getByRole('region', { name: 'What went wrong' });
    expect(await wrong.textContent()).toMatch(
      /mended\s.*runbook\.md:\d+[\s\S]*expected\s*actual[\s\S]*broken/,
    );
    await leave('mended', 'mended\n');
    await run(page, 'mended');
    await becomes(page, 'mended', 'passed');
    expect(await wrong.count()).toBe(0);
  });

  it('shows the same in two browsers, and runs one thing at a time', async () => {
    const { page, leave, notebook } = await start();
    const second = await look(browser, notebook.url);
    onTestFinished(() => second.page.context().close());
    await run(page, 'slow');
    await becomes(second.page, 'slow', 'running');
    expect(await second.page.getByRole('button', { name: /^Run / }).count()).toBe(0);
    const refused = await second.page.evaluate(async () => {
      const body = JSON.stringify({ what: 'block', name: 'hello' });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch('/wish', { method: 'POST', headers, body });
      return [response.status, await response.text()];
    });
    expect(refused).toEqual([409, 'Something runs already: wait for it, or stop it.']);
    await page.close();
    await leave('go');
    await becomes(second.page, 'slow', 'passed');
    await second.page.reload();
    await becomes(second.page, 'slow', 'passed');
  });

  it('takes a press for a press, whatever changes before the button is let go of', async () => {
    const { page, leave, notebook } = await start();
    await leave('mended', 'broken\n');
    const second = await look(browser, notebook.url);
    onTestFinished(() => second.page.context().close());
    const told = page.waitForEvent('console', { predicate: (message) => message.text() === 'told: failed' });
    // Said by the page once the end of the other's run has reached it, whether or not it is shown yet.
    await page.evaluate(() => {
      const events = new EventSource('/events');
      events.addEventListener('message', ({ data }) => {
        if (/<strong class=."failed/.test(data)) console.log('told: failed');
      });
    });
    await page.getByRole('button', { name: 'Run mended', exact: true }).hover();
    await page.mouse.down();
    await run(second.page, 'mended');
    await becomes(second.page, 'mended', 'failed');
    await told;
    await leave('mended', 'mended\n');
    await page.mouse.up();
    await becomesStatus(page, 'mended: passed');
  });

  it('shows a run that is over as it was, and runs nothing', async () => {
    const { page, directory, write, notebook } = await start();
    await run(page, 'hello');
    await becomes(page, 'hello', 'passed');
    await end(notebook);
    await write(['# Another page', '']);
    const words = ['--runbook', join(directory, 'runbook.md'), 'report', '--serve'];
    const served = await opened(startTool(words));
    onTestFinished(() => void served.process.kill('SIGKILL'));
    const looking = await look(browser, served.url);
    onTestFinished(() => looking.page.context().close());
    await looking.page
      .getByRole('status')
      .getByText(/^hello, run \S+: passed$/)
      .waitFor();
    await becomes(looking.page, 'hello', 'passed');
    expect(await looking.page.getByRole('button').count()).toBe(0);
    expect(looking.complaints).toEqual([]);
    expect(await end(served)).toBe(130);
  });

  it('stops what runs when it is told to', async () => {
    const { page } = await start();
    await run(page, 'slow');
    await article(page, 'slow').locator('.tail', { hasText: 'first' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').getByText('slow: aborted').waitFor();
    await page.getByRole('button', { name: 'Run hello' }).waitFor();
  });

  it('runs the procedure, and what is left of it', async () => {
    const { page, leave, directory } = await start();
    const isPart = async () =>
      (await readFile(join(directory, '.runbook/last/journal.jsonl'), 'utf8')).includes('"part":true');
    await leave('go');
    await page.getByRole('button', { name: 'Run it on a replica' }).click();
    await page.getByRole('status').getByText('main: failed').waitFor();
    await becomes(page, 'hello', 'passed');
    expect(await isPart()).toBe(false);
    await becomes(page, 'hostile', 'not-run');
    await page.locator('#head').getByText('3 of 4 blocks').waitFor();
    await run(page, 'hostile');
    await becomes(page, 'hostile', 'passed');
    // A block alone vouches for no run on a host.
    expect(await isPart()).toBe(true);
    await becomes(page, 'hello', 'passed');
  });

  it('runs the page up to a block, and from there on', async () => {
    const { page, leave } = await start();
    await leave('go');
    await leave('mended', 'mended\n');
    await page.getByRole('button', { name: 'Up to here slow' }).click();
    await page.getByRole('status').getByText('up to slow: passed').waitFor();
    await becomes(page, 'slow', 'passed');
    expect(await article(page, 'mended').getAttribute('class')).toBe('not-run');
    await page.getByRole('button', { name: 'From here on mended' }).click();
    await page.getByRole('status').getByText('from mended on: passed').waitFor();
    await becomes(page, 'hostile', 'passed');
  });

  it('follows the file: another expectation is judged with nothing run, and what is wrong with the page stands at its line', async () => {
    const { page, directory, write } = await start();
    await run(page, 'hello');
    await becomes(page, 'hello', 'passed');
    await write(pageIn(directory, 'good bye'));
    await becomes(page, 'hello', 'failed');
    await write([...pageIn(directory), '```sh { name=hello on=local }', 'true', '```']);
    await page.getByRole('region', { name: 'What is to be mended' }).getByText('runbook.md:').waitFor();
    expect(await page.getByRole('button', { name: 'Run hello' }).count()).toBe(0);
    // What an editor has saved may be read before all of it is there.
    await write(pageIn(directory).slice(0, 6));
    await article(page, 'hello').waitFor({ state: 'detached' });
    await write(pageIn(directory));
    await becomes(page, 'hello', 'passed');
    await page.getByRole('button', { name: 'Run hello' }).waitFor();
  });

  it('does what is wished once, where the connection is cut before the wish arrives, or before its answer does', async () => {
    const { page, directory, write } = await start();
    await write(sh('mark', `echo marked >>${directory}/marks; wc -l <${directory}/marks`, 'prints "1"'));
    await page.getByRole('button', { name: 'Run mark' }).waitFor();
    const sent: string[] = [];
    await page.route('**/wish', async (route) => {
      sent.push(route.request().postData() ?? '');
      if (sent.length === 3) return route.continue();
      if (sent.length === 2) await route.fetch();
      await route.abort('connectionreset');
    });
    const answered = page.waitForResponse('**/wish');
    await run(page, 'mark');
    await becomes(page, 'mark', 'passed');
    expect((await answered).status()).toBe(204);
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    expect(await readFile(join(directory, 'marks'), 'utf8')).toBe('marked\n');
    expect(await page.locator('#note').textContent()).toBe('');
  });

  it('says that the tool is gone when it was killed, and shows what was known when it is opened again', async () => {
    const { page, notebook, directory } = await start();
    await page.getByRole('button', { name: 'Run it on a replica' }).click();
    await article(page, 'slow').locator('.tail', { hasText: 'first' }).waitFor();
    notebook.process.kill('SIGKILL');
    await page.locator('body.away').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alert').getByText('The tool does not answer').waitFor();
    await notebook.process;

    const again = await opened(startTool(['open', join(directory, 'runbook.md')]));
    onTestFinished(() => void again.process.kill('SIGKILL'));
    const looking = await look(browser, again.url);
    onTestFinished(() => looking.page.context().close());
    const words = /^main, run \S+: aborted, its process was killed$/;
    await looking.page.getByRole('status').getByText(words).waitFor();
    await becomes(looking.page, 'hello', 'passed');
    await becomes(looking.page, 'slow', 'unknown');
    await becomes(looking.page, 'mended', 'not-run');
    await run(looking.page, 'hello');
    await looking.page.getByRole('status').getByText('hello: passed').waitFor();
    await looking.page.reload();
    await becomes(looking.page, 'slow', 'unknown');
    expect(looking.complaints).toEqual([]);
    expect(await end(again)).toBe(130);
  });

  it('is the second screen of a run that another process is at work on', async () => {
    const { directory, leave, notebook } = await start();
    await end(notebook);
    const rehearsal = startTool(['rehearse', '--until', 'slow'], { directory });
    onTestFinished(() => void rehearsal.kill('SIGKILL'));
    const journal = join(directory, '.runbook/last/journal.jsonl');
    await vi.waitFor(async () => expect(await readFile(journal, 'utf8')).toContain('"slow","attempt"'), {
      timeout: 60_000,
    });
    const served = await opened(startTool(['report', '--serve'], { directory }));
    onTestFinished(() => void served.process.kill('SIGKILL'));
    const { page } = await look(browser, served.url);
    onTestFinished(() => page.context().close());
    await becomes(page, 'hello', 'passed');
    await becomes(page, 'slow', 'running');
    await leave('go');
    await becomes(page, 'slow', 'passed');
    const words = /^main, run \S+: passed$/;
    await page.getByRole('status').getByText(words).waitFor();
    expect((await rehearsal).exitCode).toBe(0);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await end(served)).toBe(130);
  });

  it('shows a picture where the block stands that left it, and gives no other file away', async () => {
    const { page, directory, write, notebook, complaints } = await start();
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await write([
      '# Pictures',
      '',
      ...sh('shot', `echo ${png} | base64 -d >"$RUNBOOK_RUN/a & b.png"; echo done`, 'prints "done"'),
    ]);
    await page.getByRole('heading', { name: 'Pictures' }).waitFor();
    await run(page, 'shot');
    await becomes(page, 'shot', 'passed');
    const picture = article(page, 'shot').getByRole('img', { name: 'a & b.png' });
    await picture.scrollIntoViewIfNeeded();
    const width = () =>
      picture.evaluate((one: HTMLImageElement) => one.decode().then(() => one.naturalWidth));
    expect(await width()).toBe(1);
    await expectAccessible(page);
    await page.reload();
    expect(await width()).toBe(1);
    const report = await readFile(join(directory, '.runbook/last/report.html'), 'utf8');
    expect(report).toContain(`<img src="data:image/png;base64,${png}"`);
    const address = new URL((await picture.getAttribute('src')) ?? '', notebook.origin);
    const statusOf = (name: string) =>
      page.evaluate(
        (url) => fetch(url).then(({ status }) => status),
        `/picture?${new URLSearchParams({ run: address.searchParams.get('run') ?? '', name })}`,
      );
    expect(await statusOf('a & b.png')).toBe(200);
    expect(await statusOf('../../../../etc/passwd')).toBe(404);
    expect(await statusOf('journal.jsonl')).toBe(404);
    expect((await fetch(address)).status).toBe(403);
    expect(complaints.filter((one) => !/404/.test(one))).toEqual([]);
  });

  it('lists failed sections first when that is asked for, and as long as it is', async () => {
    const { page, write } = await start();
    await write([
      ...['# Sections', '', '## Step 1: Well', '', ...sh('well', 'echo well', 'prints "well"')],
      ...['## Step 2: Ill', '', ...sh('ill', 'echo ill', 'prints "well"')],
    ]);
    await page.getByRole('heading', { name: 'Step 2: Ill' }).waitFor();
    const top = (name: string) =>
      page
        .locator('#outline')
        .getByRole('link', { name })
        .evaluate((one) => one.getBoundingClientRect().top);
    const isFirst = async (one: string, other: string) => (await top(one)) < (await top(other));
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await run(page, 'ill');
    await becomes(page, 'ill', 'failed');
    expect(await isFirst('Step 1: Well', 'Step 2: Ill')).toBe(true);
    await page.getByRole('checkbox', { name: 'failed ones first' }).check();
    expect(await isFirst('Step 2: Ill', 'Step 1: Well')).toBe(true);
    await expectAccessible(page);
    await run(page, 'well');
    await becomes(page, 'well', 'passed');
    await page.getByRole('status').getByText('well: passed').waitFor();
    expect(await isFirst('Step 2: Ill', 'Step 1: Well')).toBe(true);
    await page.getByRole('checkbox', { name: 'failed ones first' }).uncheck();
    expect(await isFirst('Step 1: Well', 'Step 2: Ill')).toBe(true);
  });

  it('shows what is hostile as text: in the page, in outputs, and in what was compared', async () => {
    const { page } = await start();
    await run(page, 'hostile');
    await becomes(page, 'hostile', 'passed');
    await article(page, 'hostile').locator('summary').click();
    expect(await article(page, 'hostile').textContent()).toContain(`${HOSTILE}\nred`);
    expect(await page.locator('#page').textContent()).toContain(HOSTILE);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await page.locator('img, a[href^="javascript"]').count()).toBe(0);
  });

  it('is of use with a keyboard and a screen reader, in the dark, on a phone', async () => {
    const { page, notebook, leave } = await start();
    await leave('mended', 'broken\n');
    await run(page, 'mended');
    await becomes(page, 'mended', 'failed');
    await expectAccessible(page);
    const phone = await look(browser, notebook.url, {
      viewport: { width: 390, height: 800 },
      colorScheme: 'dark',
    });
    onTestFinished(() => phone.page.context().close());
    await expectAccessible(phone.page);
    const overflow = await phone.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await phone.page.keyboard.press('Tab');
    await phone.page.keyboard.press('Enter');
    await phone.page.waitForURL(/#page$/);
  });

  it('shows the page of this project, with all that stands in it, to everybody', async () => {
    const notebook = await opened(startTool(['open', 'runbook.md']));
    onTestFinished(() => void notebook.process.kill('SIGKILL'));
    for (const options of [{}, { viewport: { width: 390, height: 800 }, colorScheme: 'dark' as const }]) {
      const { page, complaints } = await look(browser, notebook.url, options);
      await expectAccessible(page);
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      expect(scrollWidth).toBe(clientWidth);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
    expect(await end(notebook)).toBe(130);
  });

  it('lets nobody in without its token, by another name, or from a page of another origin', async () => {
    const { page, notebook, directory } = await start();
    const { origin, url } = notebook;
    const body = JSON.stringify({ what: 'block', name: 'hello' });
    const post = (headers: Record<string, string>, sent = body) =>
      fetch(`${origin}/wish`, {
        method: 'POST',
        body: sent,
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await fetch(origin)).status).toBe(403);
    expect((await fetch(`${origin}/?token=guess`)).status).toBe(403);
    const { headers } = await fetch(url, { redirect: 'manual' });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await post({ cookie })).status).toBe(403);
    expect((await post({ cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await post({ origin })).status).toBe(403);
    expect((await post({ cookie, origin }, '{"what":{"toString":1}}')).status).toBe(409);
    // By a name that an attacker's server of names has given this address.
    const { port } = new URL(origin);
    expect(await statusOf(Number(port), { host: `evil.example:${port}`, cookie })).toBe(403);

    const evil = await serve(`<script>
      fetch(${JSON.stringify(`${origin}/wish`)}, { method: 'POST', mode: 'no-cors', credentials: 'include', body: ${JSON.stringify(body)} })
        .finally(() => { document.title = 'tried'; });
    </script>`);
    const other = await page.context().newPage();
    await other.goto(evil);
    await other.waitForFunction(() => document.title === 'tried');
    const framed = await page.context().newPage();
    await framed.goto(await serve(`<iframe src="${origin}/"></iframe>`));
    expect(await framed.frameLocator('iframe').locator('article').count()).toBe(0);
    expect(await article(page, 'hello').getAttribute('class')).toBe('not-run');
    expect(await readFile(join(directory, '.runbook/last/journal.jsonl'), 'utf8').catch(() => '')).toBe('');
  });
});

/** The status of a request with these headers, which fetch would not send. */
async function statusOf(port: number, headers: Record<string, string>): Promise<number | undefined> {
  const { request } = await import('node:http');
  const asked = request({ host: '127.0.0.1', port, headers });
  asked.end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

/** The address of a page of another origin, which is gone when the calling test is. */
async function serve(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
