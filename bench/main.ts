/** `npm run bench -- [NAME…] [--tiny] [--contents N]…`: takes the measurements of docs/performance.md and prints its tables. */
import { parseArgs } from 'node:util';
import { table } from '../tools/docs/table.ts';
import { backfill } from './backfill.ts';
import type { Bench } from './bench.ts';
import { machineFacts } from './facts.ts';
import { parse } from './parse.ts';
import { watch } from './watch.ts';

const BENCHES: Record<string, Bench> = { parse, watch, backfill };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tiny: { type: 'boolean', default: false },
    contents: { type: 'string', multiple: true, default: [] },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}: there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
process.stdout.write(`Measured on ${machineFacts()}.\n`);
for (const name of names) {
  const { title, run } = BENCHES[name] as Bench;
  const { head, rows, reading } = await run({ tiny: values.tiny, contents: values.contents.map(Number) });
  process.stdout.write(`\n## ${title}\n\n${reading}\n\n${table(head, rows)}\n`);
}
