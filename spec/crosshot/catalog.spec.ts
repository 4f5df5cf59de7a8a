import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpecDatabase } from '../support/database.ts';
import { after, afterDowngrade, before } from './catalog/expected.ts';
import { readCatalog } from './catalog/read.ts';
import { createBaseline, migrate, sessionOf } from './databases.ts';

let database: SpecDatabase;

beforeAll(async () => {
  database = await createBaseline();
});
afterAll(() => database.drop());

test('the baseline is right, head adds exactly what it should, and base takes it away', async () => {
  const session = await sessionOf(database);
  expect(await readCatalog(session.client)).toEqual(before);
  await migrate(session, 'upgrade', 'head');
  expect(await readCatalog(session.client)).toEqual(after);
  await migrate(session, 'downgrade', 'base');
  expect(await readCatalog(session.client)).toEqual(afterDowngrade);
  await migrate(session, 'upgrade', 'head');
  expect(await readCatalog(session.client)).toEqual(after);
});
