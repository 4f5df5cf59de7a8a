import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../index.ts';

/** What a browser shows of the dashboard, against what the api says. */
export interface DashboardView {
  topics: { listed: number; total: number };
  /** Topics with periods, and how many of them show Period 0. */
  timelines: { shown: number; total: number };
  /** What the browser's console complained of. */
  errors: string[];
}

/** What the api says that the page must come to show. */
interface Facts {
  names: string[];
  timelines: number;
}

/**
 * Opens the dashboard in a real browser and reads it as a person would: by its text.
 * Throws where there is no Chromium, or where the page does not load.
 */
export async function viewDashboard(url: string, screenshot?: string): Promise<DashboardView> {
  const facts = await ask(url);
  const browser = await launch();
  try {
    const { text, errors } = await load(browser, url, facts, screenshot);
    return {
      topics: { listed: facts.names.filter((name) => text.includes(name)).length, total: facts.names.length },
      timelines: { shown: text.match(/\bPeriod 0\b/g)?.length ?? 0, total: facts.timelines },
      errors,
    };
  } finally {
    await browser.close();
  }
}

async function ask(url: string): Promise<Facts> {
  const { topics } = await read<{ topics: { id: string; name: string }[] }>(`${url}/api/topics`);
  const periods = await Promise.all(
    topics.map(({ id }) => read<{ total: number }>(`${url}/api/topics/${id}/periods?status=active&limit=1`)),
  );
  return {
    names: topics.map(({ name }) => name),
    timelines: periods.filter(({ total }) => total > 0).length,
  };
}

/** For the page to show all that it should; what is not there by then is missing. */
const PATIENCE_MS = 20_000;

async function load(browser: Browser, url: string, facts: Facts, screenshot?: string) {
  const { page, errors } = await openPage(browser, url, async (page) => {
    await page.waitForFunction(showsAll, facts, { timeout: PATIENCE_MS }).catch(() => undefined);
  });
  // biome-ignore lint/performance/useDomNodeTextContent: what is not laid out, nobody sees
  const text = await page.locator('body').innerText();
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  return { text, errors };
}

/** Of this machine's interfaces, not of the page: a container that starts or ends elsewhere is enough. */
const NETWORK_CHANGED = 'net::ERR_NETWORK_CHANGED';
const MOST_LOADS = 10;

/**
 * Opens a page and waits until it is `ready`; again where the machine's network changed meanwhile. `errors` is what
 * the browser's console complained of. Throws where the page does not load.
 */
export async function openPage(browser: Browser, url: string, ready: (page: Page) => Promise<void>) {
  for (let loads = 1; ; loads++) {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    const failure = await page.goto(url, { timeout: 30_000 }).then(
      () => ready(page).then(() => null),
      (error: Error) => error,
    );
    const changed = [failure?.message ?? '', ...errors].some((error) => error.includes(NETWORK_CHANGED));
    if (!changed || loads === MOST_LOADS) {
      if (failure) throw failure;
      return { page, errors };
    }
    await page.close();
  }
}

/** Runs in the page, where `document` is. */
function showsAll({ names, timelines }: Facts): boolean {
  const { document } = globalThis as unknown as { document: { body: { innerText: string } } };
  // biome-ignore lint/performance/useDomNodeTextContent: as above
  const text = document.body.innerText;
  return (
    names.every((name) => text.includes(name)) && (text.match(/\bPeriod 0\b/g)?.length ?? 0) >= timelines
  );
}

/** Starts Chromium without a window. Throws where there is none. */
export async function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) {
    throw new Error(
      'no Chromium here: `npm run -s runbook -- doctor --install` installs it, or set CHROMIUM to one',
    );
  }
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  const offline = ['--disable-background-networking', '--disable-component-update'];
  // Chromium refuses its sandbox to root.
  return chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...quiet, ...offline],
  });
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
