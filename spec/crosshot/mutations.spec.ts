import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRevisions } from '../../tools/crosshot/migrate/revisions.ts';
import type { Session } from '../../tools/crosshot/migrate/run-step.ts';
import { stepsBetween } from '../../tools/crosshot/migrate/steps.ts';
import { readStatements, type Statement } from '../../tools/crosshot/statements.ts';
import type { SpecDatabase } from '../support/database.ts';
import { type Catalog, readCatalog } from './catalog/read.ts';
import { createBaseline, migrate, sessionOf } from './databases.ts';

/*
 * No statement is there for nothing: with any single one left out, its revision fails or leaves another
 * schema than the whole revision does, which catalog.spec.ts compares with the specification. The revisions
 * are gone through in order on one database, each tried in transactions that are rolled back, and then run.
 */

const revisions = await loadRevisions();
const steps = [
  ...stepsBetween(revisions, 0, revisions.length),
  ...stepsBetween(revisions, revisions.length, 0),
];

let database: SpecDatabase;
let session: Session;

beforeAll(async () => {
  database = await createBaseline();
  session = await sessionOf(database);
});
afterAll(() => database.drop());

for (const { direction, from, to, file } of steps) {
  const statements = await readStatements(file);
  describe(`${direction} ${from ?? 'base'} -> ${to ?? 'base'} needs`, () => {
    let whole: Catalog;
    beforeAll(async () => {
      whole = await catalogAfter(statements);
    });
    afterAll(async () => {
      await migrate(session, direction, direction === 'upgrade' ? '+1' : '-1');
    });
    test.each(statements.map((statement) => [firstLine(statement), statement] as const))(
      '%s',
      async (_, left) => {
        const result = await catalogAfter(statements.filter((one) => one !== left)).catch(() => 'it fails');
        expect(result).not.toEqual(whole);
      },
    );
  });
}

const firstLine = ({ text }: Statement) => text.split('\n', 1)[0] as string;

async function catalogAfter(statements: Statement[]): Promise<Catalog> {
  await session.client.query('BEGIN');
  try {
    for (const { text } of statements) await session.client.query(text);
    return await readCatalog(session.client);
  } finally {
    await session.client.query('ROLLBACK');
  }
}
