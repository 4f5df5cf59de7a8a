/** One backfill in a process of its own: `once.ts backfill|plain URL` prints what it took, without the start. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import { connect } from '../../tools/crosshot/database/connection.ts';

/** Milliseconds, and the most memory that the process took. */
export interface Cost {
  ms: number;
  peakMb: number;
}

const [way = '', url = ''] = process.argv.slice(2);
const address = { url, applicationName: 'bench' };
const client = await connect(address);
const ignore = () => undefined;
const plain = await readFile(resolve(import.meta.dirname, 'plain.sql'), 'utf8');

const start = performance.now();
if (way === 'plain') await client.query(plain);
else {
  await runBackfill({ client, address, lockTimeoutMs: 10_000 }, { dryRun: false, say: ignore, warn: ignore });
}
const cost: Cost = { ms: performance.now() - start, peakMb: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(cost));
await client.end();
