import { parseArgs } from 'node:util';
import { viewDashboard } from './dashboard/view.ts';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { screenshot: { type: 'string' } },
  });
  const [url] = positionals;
  if (!url) throw new Error('usage: dashboard URL [--screenshot FILE]');
  const { topics, timelines, errors } = await viewDashboard(url.replace(/\/$/, ''), values.screenshot);
  console.log(`topics: ${topics.listed} of ${topics.total}`);
  console.log(`timelines: ${timelines.shown} of ${timelines.total}`);
  console.log(`console errors: ${errors.length}`);
  for (const error of errors) console.error(error);
}

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
