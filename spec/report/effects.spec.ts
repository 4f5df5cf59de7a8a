import { describe, expect, it } from 'vitest';
import type { Effects } from '../../tools/outcome/effects.ts';
import { effectLine, unjudgedWords } from '../../tools/report/effects.ts';
import { htmlReport } from '../../tools/report/html.ts';
import { junitReport } from '../../tools/report/junit.ts';
import { markdownReport } from '../../tools/report/markdown.ts';
import { blockReport, runReport } from '../support/report.ts';

const effects: Effects = {
  tables: [
    { table: 'orders', inserted: 3, updated: 0, deleted: 1 },
    { table: 'shop.goods', inserted: 0, updated: 2, deleted: 0 },
  ],
  catalog: [{ table: 'pg_class', inserted: 1, updated: 0, deleted: 0 }],
  rewritten: ['carts'],
  locks: [{ table: 'orders', mode: 'ACCESS EXCLUSIVE', ms: 1250 }],
  wal_bytes: 81_920,
};
const changes =
  'orders: 3 rows inserted, 1 row deleted; shop.goods: 2 rows updated; carts: written anew; catalog: pg_class';
const nothing: Effects = { tables: [], catalog: [], rewritten: [], locks: [], wal_bytes: 56 };

describe('what a block did to the database', () => {
  it('is a line', () => {
    expect(effectLine(effects)).toBe(
      `${changes} · locks (looked at every 50 ms): ACCESS EXCLUSIVE on orders, at most 1.3 s · 80.0 KB of write-ahead log`,
    );
    expect(effectLine({ ...effects, looks_apart_ms: 3100 })).toContain(
      'locks (looked at every 50 ms, once after 3.1 s): ACCESS',
    );
    expect(effectLine({ unmeasured: 'permission denied' })).toBe('not known: permission denied');
    expect([effectLine(nothing), effectLine(null)]).toEqual(['', '']);
  });

  it('stands in the summary and on the page', () => {
    const report = runReport([blockReport('sell', { effects }), blockReport('look', { effects: nothing })]);
    const summary = markdownReport(report);
    expect(summary).toMatch(
      /\| `sell` \| orders: 3 rows inserted.* \| ACCESS EXCLUSIVE on orders, at most 1\.3 s \(looked at every 50 ms\) \| 80\.0 KB \|/,
    );
    expect(summary).not.toContain('| `look` |');
    expect(htmlReport(report)).toContain(`database: ${changes} · locks (looked at every 50 ms): `);
  });
});

describe('what no run judges', () => {
  const unjudged = { blocks: 2, claims: 1, items: 3 };
  const words =
    'not judged: 2 blocks but for how they end, 1 claim of the page, 3 checklist items without proof';

  it('is counted in every report', () => {
    const report = runReport([blockReport('greet')], { unjudged });
    expect(markdownReport(report)).toContain(`\n${words.replace('not', 'Not')}.\n`);
    expect(htmlReport(report)).toContain(words);
    expect(junitReport(report)).toContain(`name="not judged" value="${words}"`);
  });

  it('is nothing where all is judged, and of a journal that does not know it, what is known', () => {
    expect(unjudgedWords({ blocks: 0, claims: 0, items: 0 })).toBe('');
    expect(unjudgedWords({ blocks: 1, claims: null, items: null })).toBe(
      'not judged: 1 block but for how it ends',
    );
  });
});
