import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { startTool } from '../support/tool.ts';

type Process = ReturnType<typeof startTool>;

/** A notebook that is open: its process, and its address with the token. */
export interface Opened {
  process: Process;
  url: string;
  /** The address without the token: what another page would have to guess at. */
  origin: string;
}

/** Waits until the tool says where the notebook is open. Throws where it ends before. */
export async function opened(process: Process): Promise<Opened> {
  let printed = '';
  for (;;) {
    const url = /is open at (http:\S+)/.exec(printed)?.[1];
    if (url) return { process, url, origin: new URL(url).origin };
    const [chunk] = await Promise.race([
      once(process.stdout as NodeJS.ReadableStream, 'data'),
      once(process, 'exit'),
    ]);
    if (typeof chunk === 'number' || chunk === null)
      throw new Error(`the tool ended: ${printed}${(await process).stderr}`);
    printed += chunk;
  }
}

/** Ends a notebook as a person does. */
export async function end({ process }: Opened): Promise<number | undefined> {
  process.kill('SIGINT');
  return (await process).exitCode;
}

/** A page of the notebook, and what its console complained of. */
export interface Looking {
  page: Page;
  complaints: string[];
}

export async function look(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Looking> {
  const context = await browser.newContext({ viewport: { width: 1300, height: 1000 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  return { page, complaints };
}

/** The element of a block. */
export const article = (page: Page, name: string) => page.locator(`article[id="block:${name}"]`);

/** Waits until a block is as `status` says. */
export const becomes = (page: Page, name: string, status: string) =>
  page.locator(`article[id="block:${name}"].${status}`).first().waitFor({ state: 'attached' });

/** Waits until the line about the run has these words. Where they do not come, the error tells what the page shows. */
export async function becomesStatus(page: Page, words: string): Promise<void> {
  const status = page.getByRole('status').getByText(words);
  await status.waitFor().catch(async (cause: Error) => {
    const shown = await page.locator('#head, #note').allInnerTexts();
    throw new Error(`${cause.message}\nThe page shows: ${shown.join(' | ')}`, { cause });
  });
}

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Expects that a screen reader and a keyboard find nothing in their way. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await axe);
  // What is not looked at is not laid out, and axe would look past it.
  await page.evaluate(() => {
    for (const part of document.querySelectorAll<HTMLElement>('.part'))
      part.style.contentVisibility = 'visible';
  });
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
  });
  expect(found).toEqual([]);
}

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}
