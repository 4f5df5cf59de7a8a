/**
 * `npm run bench -- [NAME…] [--tiny] [--contents N]…`: takes the measurements of docs/performance.md and prints its tables.
 * `--keep FILE` writes the ratios as JSON; `--against FILE` ends with 1 where one is 1.5 times what was kept there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { table } from '../tools/docs/table.ts';
import { backfill } from './backfill.ts';
import type { Bench } from './bench.ts';
import { commands } from './commands.ts';
import { machineFacts } from './facts.ts';
import { parse } from './parse.ts';
import { rehearsal } from './rehearsal.ts';
import { watch } from './watch.ts';
import { worseThan } from './worse.ts';

const BENCHES: Record<string, Bench> = { commands, rehearsal, watch, parse, backfill };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tiny: { type: 'boolean', default: false },
    contents: { type: 'string', multiple: true, default: [] },
    keep: { type: 'string' },
    against: { type: 'string' },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}: there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const kept: Record<string, number> = {};
process.stdout.write(`Measured on ${machineFacts()}.\n`);
for (const name of names) {
  const { title, run } = BENCHES[name] as Bench;
  const { head, rows, reading, ratios } = await run({
    tiny: values.tiny,
    contents: values.contents.map(Number),
  });
  process.stdout.write(`\n## ${title}\n\n${reading}\n\n${table(head, rows)}\n`);
  Object.assign(kept, ratios);
}
if (values.keep) writeFileSync(values.keep, `${JSON.stringify(kept, null, 2)}\n`);
if (values.against) {
  const worse = worseThan(JSON.parse(readFileSync(values.against, 'utf8')), kept);
  for (const line of worse) process.stderr.write(`${line}\n`);
  if (worse.length > 0) process.exitCode = 1;
}
