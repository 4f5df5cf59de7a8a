import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpecDatabase } from '../support/database.ts';
import { after, afterDowngrade, before } from './catalog/expected.ts';
import { readCatalog } from './catalog/read.ts';
import { connectionTo, createBaseline, migrate } from './databases.ts';

let database: SpecDatabase;

beforeAll(async () => {
  database = await createBaseline();
});
afterAll(() => database.drop());

test('the baseline is right, head adds exactly what it should, and base takes it away', async () => {
  const connection = await connectionTo(database);
  expect(await readCatalog(connection.client)).toEqual(before);
  await migrate(connection, 'upgrade', 'head');
  expect(await readCatalog(connection.client)).toEqual(after);
  await migrate(connection, 'downgrade', 'base');
  expect(await readCatalog(connection.client)).toEqual(afterDowngrade);
  await migrate(connection, 'upgrade', 'head');
  expect(await readCatalog(connection.client)).toEqual(after);
});
