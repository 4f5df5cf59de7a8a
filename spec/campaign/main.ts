import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { FAULTS } from './faults.ts';

/**
 * `npm run campaign -- [--seed N] [--strikes N] [--fault WORDS]`: disturbs nights of the migration, and says whether each
 * came to the same end. The exit status is 1 where one did not.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, strikes: { type: 'string' }, fault: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 100_000);
const strikes = values.strikes === undefined ? null : Number(values.strikes);
const faults = FAULTS.filter(({ name }) => name.includes(values.fault ?? ''));
console.log(`seed ${seed}`);
const directory = '.runbook/campaigns';
await mkdir(directory, { recursive: true });
const transcript = `${directory}/${seed}.txt`;
const report = await campaign({ seed, strikes, faults, transcript, say: (line) => console.log(line) });
await writeFile(`${directory}/${seed}.json`, `${JSON.stringify(report, null, 2)}\n`);
for (const wrong of report.wrongs) console.log(`✗ ${wrong}`);
console.log(
  `${report.struck.length} faults struck, ${report.wrongs.length} wrong; report: ${directory}/${seed}.json`,
);
process.exit(report.wrongs.length === 0 ? 0 : 1);
