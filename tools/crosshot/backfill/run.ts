import { withTemporalLock } from '../database/lock.ts';
import { Failure } from '../failure.ts';
import { idAt } from '../migrate/destination.ts';
import { loadRevisions } from '../migrate/revisions.ts';
import { type Connection, inTransaction } from '../migrate/run-step.ts';
import { readVersion } from '../migrate/version.ts';
import { countFates } from './fates.ts';
import { linkContents } from './links.ts';
import { reportEntities } from './report.ts';
import { runStage } from './stage.ts';
import { reportUnlinked } from './unlinked.ts';

interface BackfillOptions {
  dryRun: boolean;
  /** Receives the report, line by line. */
  say(line: string): void;
  warn(line: string): void;
}

/** `linked`: contents given a period by this run; `unlinked`: contents that still have none. */
interface BackfillResult {
  linked: number;
  unlinked: number;
}

/**
 * Gives every topic and user that has contents and no period its Period 0, and links every content to a
 * period, in one transaction: killed at any moment it leaves all or nothing. Only the report's last line
 * tells whether it was committed. Throws Failure (1) for a database that is not at the newest revision.
 */
export async function runBackfill(connection: Connection, options: BackfillOptions): Promise<BackfillResult> {
  return withTemporalLock(connection.client, options.warn, async () => {
    await requireHead(connection);
    const end = options.dryRun ? 'ROLLBACK' : 'COMMIT';
    const result = await inTransaction(connection, () => backfill(connection, options), end);
    options.say(options.dryRun ? '\nDry run: rolled back, nothing was changed' : '\nCommitted');
    return result;
  });
}

async function requireHead({ client }: Connection): Promise<void> {
  const revisions = await loadRevisions();
  const version = await readVersion(client, revisions);
  if (version === revisions.length) return;
  const [have, need] = [idAt(version, revisions) ?? 'base', idAt(revisions.length, revisions)];
  throw new Failure(1, `the database is at ${have}, not ${need}: run \`tools/migrate upgrade head\` first`);
}

/** The links come last, as nothing may come between a rewrite and the commit; a dry run has no use for them. */
async function backfill(connection: Connection, { dryRun, say }: BackfillOptions): Promise<BackfillResult> {
  const { client } = connection;
  await runStage(connection, 'entities');
  await runStage(connection, 'periods');
  const fates = await countFates(client);
  await reportEntities(client, say);
  say('🔗 Linking Contents...');
  say(`Contents linked: ${fates.due}`);
  await reportUnlinked(client, fates, say);
  if (!dryRun) await linkContents(connection, fates);
  return { linked: fates.due, unlinked: fates.orphan + fates.stranded };
}
