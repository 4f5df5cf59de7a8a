import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { before as oldSchema } from '../crosshot/catalog/expected.ts';
import { readCatalog } from '../crosshot/catalog/read.ts';
import { checksums } from '../crosshot/checksum.ts';
import { shellOutput, statementsWrong } from '../support/blocks.ts';
import { describeEachReplica, type SpecStage } from '../support/stage.ts';
import { connect } from '../support/states.ts';
import { migrateAndBackfill } from './migrated.ts';

const ROLLBACK = 'rollback-procedure/option-b';

describeEachReplica([], (stage) => {
  let backedUp: Record<string, string>;
  let backup: string;

  beforeAll(async () => {
    backedUp = await checksums(await stage.client());
    await stage.pass('step-1');
    backup = stage.variables.BACKUP ?? '';
    await migrateAndBackfill(stage);
    await stage.save('migrated');
  });
  beforeEach(async () => {
    stage.variables.BACKUP = backup;
    await stage.restore('migrated');
  });

  test('step 1’s own backup brings schema and data back, and ends whoever is connected', async () => {
    await stage.query(`TRUNCATE contents CASCADE; UPDATE topics SET name = 'damaged'`);
    expect(statementsWrong(await stage.run(['verify-restore']), 'verify-restore')).toEqual([1, 2]);
    const other = await connect(stage.url);
    await stage.pass(ROLLBACK);
    await expect(other.query('SELECT')).rejects.toThrow();
    const client = await stage.client();
    expect(await readCatalog(client)).toEqual(oldSchema);
    expect(await checksums(client)).toEqual(backedUp);
    await stage.pass('migrate');
  });

  describe('what is no backup of this database is refused before anything is stopped or dropped:', () => {
    for (const { name, make, refusal } of BAD_BACKUPS) {
      test(name, async () => {
        stage.variables.BACKUP = await make(stage, backup);
        const now = await checksums(await stage.client());
        const finished = await stage.run([ROLLBACK]);
        expect(finished.map(({ outcome }) => outcome.status)).toEqual([
          'failed',
          ...finished.slice(1).map(() => 'not-run'),
        ]);
        expect(shellOutput(finished, 'check-backup').stderr.text).toMatch(refusal);
        expect(await checksums(await stage.client())).toEqual(now);
        expect(await runningServices(stage)).toHaveLength(5);
      });
    }

    test('no backup at all', async () => {
      delete stage.variables.BACKUP;
      const finished = await stage.run(['check-backup']);
      expect(shellOutput(finished, 'check-backup').stderr.text).toContain('no backup is known: run step 1');
    });
  });

  test('a restore that fails in the middle leaves the old database, and the next one works', async () => {
    stage.variables.BACKUP = await truncated(stage, backup);
    const now = await checksums(await stage.client());
    const [failed] = await stage.run(['restore']);
    expect(failed?.outcome.status).toBe('failed');
    expect(await checksums(await stage.client())).toEqual(now);
    stage.variables.BACKUP = backup;
    await stage.pass('restore', 'verify-restore');
    expect(await checksums(await stage.client())).toEqual(backedUp);
  });
});

interface BadBackup {
  name: string;
  /** Makes it, from the good one, and returns its name. */
  make(stage: SpecStage, good: string): Promise<string>;
  /** What the block says. */
  refusal: RegExp;
}

const BAD_BACKUPS: BadBackup[] = [
  {
    name: 'a truncated one',
    make: (stage, good) => truncated(stage, good),
    refusal: /^refused: .* is (damaged|no backup)$/m,
  },
  {
    name: 'one damaged in the middle',
    make: (stage, good) =>
      altered(stage, good, 'damaged', (bytes) => bytes.fill(0, bytes.length - 30_000, bytes.length - 20_000)),
    refusal: /^refused: .* is damaged$/m,
  },
  {
    name: 'an empty one',
    make: (stage, good) => altered(stage, good, 'empty', (bytes) => bytes.subarray(0, 0)),
    refusal: /^refused: .* is empty or not there$/m,
  },
  { name: 'one that is gone', make: async () => 'backups/gone.dump', refusal: /is empty or not there$/m },
  {
    name: 'something else than a backup',
    make: (stage, good) => altered(stage, good, 'text', () => Buffer.from('not a dump\n')),
    refusal: /^refused: .* is no backup$/m,
  },
  {
    name: 'one of another database',
    make: ofAnotherDatabase,
    refusal: /^refused: .* is of the database other$/m,
  },
  {
    name: 'one of another server version',
    make: (stage, good) => altered(stage, good, 'version', ofAnotherVersion),
    refusal: /^refused: .* is of PostgreSQL 13\..*, and the server is 14\./m,
  },
];

async function altered(stage: SpecStage, good: string, name: string, alter: (bytes: Buffer) => Buffer) {
  const bytes = await readFile(join(stage.directory, good));
  await writeFile(join(stage.directory, `backups/${name}.dump`), alter(bytes));
  return `backups/${name}.dump`;
}

const truncated: BadBackup['make'] = (stage, good) =>
  altered(stage, good, 'truncated', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.7)));

async function ofAnotherDatabase(stage: SpecStage): Promise<string> {
  await stage.query('DROP DATABASE IF EXISTS other');
  await stage.query('CREATE DATABASE other TEMPLATE state_migrated');
  await stage.shell(
    'nas',
    'docker compose exec -T postgres pg_dump -U crosshot -Fc other > backups/other.dump',
  );
  return 'backups/other.dump';
}

/** The header of a dump in the custom format says in clear text which server it is of. */
function ofAnotherVersion(bytes: Buffer): Buffer {
  const at = bytes.indexOf('14.');
  bytes.write('13.', at);
  return bytes;
}

async function runningServices(stage: SpecStage): Promise<string[]> {
  const names = await stage.shell('nas', 'docker compose ps --services --filter status=running');
  return names.trim().split('\n');
}
