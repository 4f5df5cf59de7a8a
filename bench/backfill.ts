import { join } from 'node:path';
import { execa } from 'execa';
import { type BenchServer, startServer } from './backfill/databases.ts';
import type { Cost } from './backfill/once.ts';
import type { Bench } from './bench.ts';
import { median } from './median.ts';

const WAYS = ['backfill', 'plain'] as const;
type Way = (typeof WAYS)[number];

/** One backfill: what it cost, how large it left the table as a ratio, and its rows as a text that tells them apart. */
interface Run extends Cost {
  size: number;
  digest: string;
}
type Pair = Record<Way, Run>;

export const backfill: Bench = {
  title: 'The backfill, against plain set-based SQL',
  async run({ tiny, contents }) {
    const sizes = contents.length > 0 ? contents : tiny ? [400, 4000] : [100_000, 1_000_000];
    const server = await startServer();
    try {
      const measured: { contents: number; pairs: Pair[] }[] = [];
      for (const size of sizes) {
        const pairs = await measure(server, size, tiny ? 1 : 5);
        measured.push({ contents: size, pairs });
      }
      const [small, large] = measured.map(({ pairs }) => pairs);
      return {
        head: HEAD,
        rows: [...measured.map(rowOf), ...(small && large ? [growthOf(small, large)] : [])],
        ratios: Object.fromEntries(
          measured.map(({ contents, pairs }) => [`the backfill of ${contents}`, median(ratiosOf(pairs))]),
        ),
        reading: READING,
      };
    } finally {
      await server.stop();
    }
  },
};

const READING = `Each pair is a backfill and bench/backfill/plain.sql, one after the other, on two copies of a database. Times are
medians and have no program's start in them; the ratio is the median of the pairs' ratios, with the least and the
greatest. The size is that of contents with its indexes, as a ratio to what it was before.`;

const HEAD = [
  ...['contents', 'pairs', 'backfill', 'plain SQL', 'ratio', 'client’s memory'],
  ...['size after it', 'after plain SQL', 'same rows'],
];

async function measure(server: BenchServer, contents: number, pairs: number): Promise<Pair[]> {
  const template = `seeded_${contents}`;
  await server.seed(template, contents);
  const before = await sizeOf(server, template);
  const results: Pair[] = [];
  for (let index = 0; index < pairs; index++) {
    const runs: Partial<Pair> = {};
    // Each goes first in every other pair.
    for (const way of index % 2 === 0 ? WAYS : WAYS.toReversed()) {
      await server.copy(template, 'measured');
      const cost = await runOnce(way, server.urlOf('measured'));
      const size = (await sizeOf(server, 'measured')) / before;
      runs[way] = { ...cost, size, digest: await digestOf(server, 'measured') };
    }
    results.push(runs as Pair);
    const took = WAYS.map((way) => `${way} ${Math.round(runs[way]?.ms ?? 0)} ms`).join(', ');
    process.stderr.write(`${contents} contents, pair ${index + 1} of ${pairs}: ${took}\n`);
  }
  await server.query('postgres', `DROP DATABASE ${template}`);
  return results;
}

async function runOnce(way: Way, url: string): Promise<Cost> {
  const program = join(import.meta.dirname, 'backfill/once.ts');
  const { stdout } = await execa(process.execPath, ['--import', 'tsx', program, way, url]);
  return JSON.parse(stdout);
}

async function sizeOf(server: BenchServer, database: string): Promise<number> {
  const { rows } = await server.query(database, `SELECT pg_total_relation_size('contents') AS bytes`);
  return Number(rows[0].bytes);
}

/** All of contents and of the periods, but for what is of chance: the periods' ids, told by what they are of. */
async function digestOf(server: BenchServer, database: string): Promise<string> {
  const { rows } = await server.query(database, DIGEST);
  return rows[0].digest;
}

const DIGEST = `
  WITH period AS (
    SELECT id, ROW(entity_type, entity_id, period_number, period_start, period_end, analyzed_at, duration_hours,
      content_count, summary, insights, metrics)::text AS words
    FROM analysis_periods
  ),
  said AS (
    SELECT ROW(c.id, task_id, topic_id, user_id, platform, platform_content_id, source_url, crawled_at, author_uid,
      author_username, author_display_name, text, lang, hashtags, media_downloaded, processing_status, key_points,
      metrics, data, published_at, discovered_at, relevance_score, words)::text AS row
    FROM contents AS c LEFT JOIN period ON period.id = analysis_period_id
    UNION ALL
    SELECT ROW(t.id, current_period_number, total_periods, first_analysis_at, avg_period_duration_hours, words)::text
    FROM (TABLE ONLY topics) AS t LEFT JOIN period ON period.id = last_period_id
    UNION ALL
    SELECT ROW(u.id, current_period_number, total_periods, first_analysis_at, avg_period_duration_hours, words)::text
    FROM (TABLE ONLY users) AS u LEFT JOIN period ON period.id = last_period_id
  )
  SELECT count(*) || ' ' || sum(hashtextextended(row, 0)) AS digest FROM said`;

const middle = (pairs: Pair[], way: Way, what: 'ms' | 'peakMb' | 'size') =>
  median(pairs.map((pair) => pair[way][what]));

const ratiosOf = (pairs: Pair[]) => pairs.map(({ backfill, plain }) => backfill.ms / plain.ms);

function rowOf({ contents, pairs }: { contents: number; pairs: Pair[] }): string[] {
  const ratios = ratiosOf(pairs);
  const digests = new Set(pairs.flatMap((pair) => WAYS.map((way) => pair[way].digest)));
  const [least, greatest] = [Math.min(...ratios).toFixed(2), Math.max(...ratios).toFixed(2)];
  return [
    contents.toLocaleString('en'),
    String(pairs.length),
    ...WAYS.map((way) => `${(middle(pairs, way, 'ms') / 1000).toFixed(2)} s`),
    `${median(ratios).toFixed(2)}× (${least} to ${greatest})`,
    `${middle(pairs, 'backfill', 'peakMb').toFixed(0)} MB`,
    ...WAYS.map((way) => `${middle(pairs, way, 'size').toFixed(2)}×`),
    digests.size === 1 ? 'yes' : 'NO',
  ];
}

function growthOf(small: Pair[], large: Pair[]): string[] {
  const growth = (way: Way, what: 'ms' | 'peakMb') =>
    `${(middle(large, way, what) / middle(small, way, what)).toFixed(1)}×`;
  return [
    'growth',
    '',
    growth('backfill', 'ms'),
    growth('plain', 'ms'),
    '',
    growth('backfill', 'peakMb'),
    '',
    '',
    '',
  ];
}
