import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRevisions } from '../../tools/crosshot/migrate/revisions.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import { stepsBetween } from '../../tools/crosshot/migrate/steps.ts';
import { type FileStatement, readStatements } from '../../tools/crosshot/statements.ts';
import type { SpecDatabase } from '../support/database.ts';
import { type Catalog, readCatalog } from './catalog/read.ts';
import { connectionTo, createBaseline, migrate } from './databases.ts';

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
let connection: Connection;

beforeAll(async () => {
  database = await createBaseline();
  connection = await connectionTo(database);
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
      await migrate(connection, direction, direction === 'upgrade' ? '+1' : '-1');
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

const firstLine = ({ text }: FileStatement) => text.split('\n', 1)[0] as string;

async function catalogAfter(statements: FileStatement[]): Promise<Catalog> {
  await connection.client.query('BEGIN');
  try {
    for (const { text } of statements) await connection.client.query(text);
    return await readCatalog(connection.client);
  } finally {
    await connection.client.query('ROLLBACK');
  }
}
