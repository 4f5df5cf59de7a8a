import type { Client } from 'pg';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage } from '../../../tools/crosshot/dashboard/view.ts';
import type { SpecDatabase } from '../../support/database.ts';
import { describeWith } from '../../support/requires.ts';
import { connectionTo, migrate } from '../databases.ts';
import { addPeriod } from '../seed.ts';
import { createSeeded } from './data.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { type Service, startApi } from './service.ts';

describeWith(['chromium'], 'the dashboard in a browser', () => {
  let redis: RedisServer;
  let database: SpecDatabase;
  let client: Client;
  let api: Service & { url: string };
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [redis, { database, client }] = await Promise.all([startRedisServer(), createSeeded('small')]);
    [api, browser] = await Promise.all([startApi({ database, redis }), launch()]);
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), api?.end()]);
    await Promise.all([redis?.stop(), database?.drop()]);
  });

  /** Opens the dashboard in a new page and waits until all of it is there. */
  async function open(): Promise<void> {
    await page?.close();
    const opened = await openPage(browser, api.url, (page) =>
      page.locator('main[aria-busy=false]').waitFor({ state: 'attached' }),
    );
    [page, complaints] = [opened.page, opened.errors];
  }

  const card = (name: string) => page.getByRole('article', { name });
  /** What of an element is shown. */
  const textOf = async (locator: Locator) => (await locator.allInnerTexts()).join('\n');

  const timelines = () => page.getByRole('list', { name: 'Periods' });

  describe('the dashboard before the migration', () => {
    beforeAll(open);

    it('lists every topic, the pinned first', async () => {
      const names = await page.locator('h2 [dir=auto]').allInnerTexts();
      expect(names).toHaveLength(9);
      expect(names.slice(0, 3)).toEqual(['AI Safety Research', 'Quantum Computing', 'Climate Tech']);
      expect(await textOf(page.getByRole('status'))).toBe('9 topics · 5 active · 548 contents');
    });

    it('says of a topic what is known', async () => {
      expect(await textOf(card('AI Safety Research'))).toMatch(
        /^🧠\s+AI Safety Research\s+pinned\s+247 contents · crawled 28 Feb 2025\s+Evaluations are catching up/,
      );
      expect(await textOf(card('Remote Work Culture'))).toMatch(/paused\s+0 contents$/);
    });

    it('has no timeline, and nothing to complain of', async () => {
      expect(await timelines().count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  describe('the dashboard after the migration', () => {
    beforeAll(async () => {
      await migrate(await connectionTo(database), 'upgrade', 'head');
      const { rows } = await client.query(`SELECT id FROM topics WHERE name = 'AI Safety Research'`);
      const at = { entity_id: rows[0].id, content_count: 1234 };
      await addPeriod(client, { ...at, period_number: 0 });
      const summary = '<img src=x onerror="document.title = 1"> & a "quoted" word';
      await addPeriod(client, { ...at, period_number: 1, summary, metrics_delta: '{"likes": -2.5, "n": 0}' });
      await open();
    });

    it('lists the same topics', async () => {
      expect(await page.getByRole('article').count()).toBe(9);
      expect(await textOf(page.getByRole('status'))).toBe('9 topics · 5 active · 548 contents · 2 periods');
    });

    it('shows a topic’s periods, the newest first, with what changed', async () => {
      expect(await timelines().count()).toBe(1);
      const periods = await card('AI Safety Research').locator('.timeline > li').allInnerTexts();
      expect(periods).toHaveLength(2);
      expect(periods[0]).toMatch(/^Period 1\s+2 Jan 2025 – 3 Jan 2025 · 1,234 contents\s+.*\s+-2.5 likes$/);
      expect(periods[1]).toMatch(/^Period 0\s+1 Jan 2025 – 2 Jan 2025 · 1,234 contents\s+A day$/);
    });

    it('shows what was crawled as text, whatever it looks like', async () => {
      expect(await textOf(card('AI Safety Research'))).toContain(
        '<img src=x onerror="document.title = 1"> &',
      );
      expect(await page.title()).toBe('Crosshot');
    });

    it('has nothing to complain of', () => {
      expect(complaints).toEqual([]);
    });

    it('fits a telephone', async () => {
      await page.setViewportSize({ width: 360, height: 640 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    });
  });

  describe('the dashboard without a database', () => {
    it('says so instead of staying empty', async () => {
      await database.drop();
      await open();
      expect(await textOf(page.getByRole('status'))).toBe(
        'The topics could not be loaded (/api/topics answered 500). Reload the page to try again.',
      );
    });
  });
});
