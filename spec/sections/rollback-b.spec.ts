import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { before as oldSchema } from '../crosshot/catalog/expected.ts';
import { readCatalog } from '../crosshot/catalog/read.ts';
import { checksums } from '../crosshot/checksum.ts';
import { shellOutput, statementsWrong, wrongs } from '../support/blocks.ts';
import { describeEachReplica, type SpecStage } from '../support/stage.ts';
import { connect, maintain } from '../support/states.ts';
import { migrateAndBackfill } from './migrated.ts';

const ROLLBACK = 'rollback-procedure/option-b';

describeEachReplica([], (stage, kind) => {
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
    await maintain(stage.url, [
      'DROP DATABASE IF EXISTS crosshot_old WITH (FORCE)',
      'DROP DATABASE IF EXISTS crosshot_scratch WITH (FORCE)',
    ]);
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
    expect(await databases(stage)).toEqual(['crosshot']);
    await stage.pass('migrate');
  });

  describe('it passes when it is run again after a kill that left', () => {
    for (const { name, leave } of kind === 'docker' ? LEFTOVERS.slice(0, 1) : LEFTOVERS) {
      test(name, async () => {
        await leave(stage, backup);
        await stage.pass(ROLLBACK);
        expect(await checksums(await stage.client())).toEqual(backedUp);
        expect(await databases(stage)).toEqual(['crosshot']);
      });
    }
  });

  // What follows is between the blocks and the server, whatever it runs in.
  if (kind === 'docker') return;

  test('what was written after the backup is there until the last block', async () => {
    await stage.query(`UPDATE topics SET name = 'written since'`);
    const now = await checksums(await stage.client());
    await stage.pass('restore', 'swap', 'verify-restore', 'start-after-restore');
    const old = await connect(databaseBeside(stage, 'crosshot_old'));
    try {
      expect(await checksums(old)).toEqual(now);
    } finally {
      await old.end();
    }
    await stage.pass('drop-old', 'verify-drop');
    expect(await databases(stage)).toEqual(['crosshot']);
  });

  test('a restore that fails in the middle leaves the old database, and the next one works', async () => {
    stage.variables.BACKUP = await truncated(stage, backup);
    const now = await checksums(await stage.client());
    const [failed] = await stage.run(['restore']);
    expect(failed?.outcome.status).toBe('failed');
    expect(await checksums(await stage.client())).toEqual(now);
    stage.variables.BACKUP = backup;
    await stage.pass('restore', 'swap', 'verify-restore');
    expect(await checksums(await stage.client())).toEqual(backedUp);
  });

  test('the backup is shown with its age before anything is stopped', async () => {
    const { stdout } = shellOutput(await stage.pass('check-backup'), 'check-backup');
    expect(stdout.text).toMatch(
      /^backups\/pre_temporal_\S+\.dump: \d+\S*, made \d{4}-\d\d-\d\d [\d:]{8} UTC, 00:\d\d:\d\d ago\n/,
    );
  });

  describe('each block passes when it alone is run again', () => {
    test('at once', async () => {
      for (const block of BLOCKS) {
        await stage.pass(block);
        await stage.pass(block);
      }
      expect(await checksums(await stage.client())).toEqual(backedUp);
    });

    test('its probe says not before and done behind', async () => {
      for (const [block, probe] of [
        ['restore', 'is-restored'],
        ['swap', 'is-swapped'],
      ] as const) {
        expect(wrongs(await stage.run([probe]))).not.toEqual([]);
        await stage.pass(block, probe);
      }
      await stage.pass('is-restored');
      expect(wrongs(await stage.run(['verify-drop']))).not.toEqual([]);
      await stage.pass('drop-old', 'verify-drop');
    });
  });

  test('a database that is in use again is not taken for one that was just restored', async () => {
    await stage.pass('restore', 'swap', 'start-after-restore', 'drop-old');
    await stage.query(`UPDATE topics SET name = 'damaged again'`);
    await stage.pass(ROLLBACK);
    expect(await checksums(await stage.client())).toEqual(backedUp);
  });

  test('while the database of an earlier restore is kept, nothing is stopped', async () => {
    await stage.pass('restore', 'swap', 'start-after-restore');
    const finished = await stage.run([ROLLBACK]);
    expect(shellOutput(finished, 'check-backup').stderr.text).toContain('drop it, with the block drop-old');
    expect(await runningServices(stage)).toHaveLength(5);
  });

  test('a swap that cannot be lets everybody in again', async () => {
    await stage.pass('restore');
    await maintain(stage.url, ['CREATE DATABASE crosshot_old']);
    expect(wrongs(await stage.run(['swap']))).not.toEqual([]);
    await (await connect(stage.url)).end();
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
});

/** The blocks in their order. */
const BLOCKS = [
  'check-backup',
  'stop-for-restore',
  'restore',
  'swap',
  'verify-restore',
  'start-after-restore',
  'drop-old',
  'verify-drop',
];

interface Leftover {
  name: string;
  /** Makes what a kill leaves. */
  leave(stage: SpecStage, backup: string): Promise<unknown>;
}

const LEFTOVERS: Leftover[] = [
  {
    name: 'half a scratch database, with its restore still at work',
    async leave(stage) {
      await maintain(stage.url, ['CREATE DATABASE crosshot_scratch']);
      const busy = await connect(databaseBeside(stage, 'crosshot_scratch'));
      await busy.query('CREATE TABLE contents (id uuid)');
    },
  },
  {
    name: 'a whole scratch database of another backup',
    leave: (stage) =>
      maintain(stage.url, [
        'CREATE DATABASE crosshot_scratch TEMPLATE state_migrated',
        `COMMENT ON DATABASE crosshot_scratch IS 'restored from backups/pre_temporal_1.dump'`,
      ]),
  },
  { name: 'a whole scratch database', leave: (stage) => stage.pass('restore') },
  {
    name: 'everybody shut out',
    async leave(stage) {
      await stage.pass('stop-for-restore', 'restore');
      await maintain(stage.url, ['ALTER DATABASE crosshot ALLOW_CONNECTIONS false']);
    },
  },
  { name: 'the databases swapped', leave: (stage) => stage.pass('stop-for-restore', 'restore', 'swap') },
  {
    name: 'some services started again',
    async leave(stage) {
      await stage.pass('stop-for-restore', 'restore', 'swap');
      await stage.shell('nas', 'docker compose up -d --wait api');
    },
  },
  { name: 'nothing but what it began with', leave: (stage) => stage.pass(ROLLBACK) },
];

/** What is there of crosshot's. */
async function databases(stage: SpecStage): Promise<string[]> {
  const rows = await stage.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'crosshot%' ORDER BY datname`,
  );
  return rows.map(({ datname }) => datname);
}

const databaseBeside = ({ url }: SpecStage, name: string) =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href;

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
    name: 'one of after the migration',
    make: ofNewSchema,
    refusal: /^refused: .* holds the new schema: it was made after the migration$/m,
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

/** What a second, mistaken `run main` makes. */
async function ofNewSchema(stage: SpecStage): Promise<string> {
  await stage.pass('back-up');
  return stage.variables.BACKUP ?? '';
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
