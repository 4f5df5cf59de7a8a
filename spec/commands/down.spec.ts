import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { runbook, runbookDirectory } from '../support/shop.ts';

const shop = () => runbookDirectory(['# Shop']);

it('lists nothing where no replica was kept', async () => {
  await expectGolden('golden/down-none.txt', await runbook(await shop(), 'down'));
});

it('lists the replicas of both kinds, and nothing else that lies there', async () => {
  const directory = await shop();
  const replicas = join(directory, '.runbook/replicas');
  for (const name of ['runbook-00000001', 'docker/runbook-00000002', 'notes'])
    await mkdir(join(replicas, name), { recursive: true });
  await expectGolden('golden/down-listed.txt', await runbook(directory, 'down'));
});

it('refuses an id that is no replica’s', async () => {
  const ended = await runbook(await shop(), 'down', 'runbook-00000000');
  await expectGolden('golden/down-unknown.txt', ended);
});
