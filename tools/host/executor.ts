import type { Block, SqlBlock } from '../document/document.ts';
import type { FrontMatter } from '../document/front-matter.ts';
import type { Beginning, Begun, Fact } from '../outcome/fact.ts';
import type { Identity } from '../outcome/identity.ts';
import { CannotRun, type Output, UnknownEnd } from '../outcome/output.ts';
import { endBeyond } from './beyond.ts';
import { closeClient, connectClient, type DatabaseLogin, MAINTENANCE } from './database.ts';
import { engineLost } from './engine.ts';
import type { Host } from './host.ts';
import { localHost } from './local.ts';
import { startDatabaseProxy } from './proxy.ts';
import { runShell } from './shell.ts';
import { runSql } from './sql.ts';
import { SESSION_OPTIONS } from './supervisor.ts';
import { MARKED_SESSION } from './wal/changes.ts';
import type { Witness } from './wal/witness.ts';

/** A block to run now, with what it sees and who listens. */
export interface RunRequest {
  block: Block;
  /** What earlier blocks exported and captured; it wins over the executor's own variables. */
  variables: Record<string, string>;
  /** Which beginning of the block this is, and what an earlier run recorded of it; null where it begins now. */
  beginning: Beginning;
  begun: Begun | null;
  /**
   * Resolves when the fact is on disk. Where it rejects, what would follow from the fact is not done.
   */
  record: (fact: Fact) => Promise<void>;
  /** Each line as it is printed: for a person who watches. */
  onLine: (line: string) => void;
  /** Aborted when the person interrupts: what runs is ended, wherever it runs. */
  signal: AbortSignal;
}

/** A block that has ended; the far side keeps what is known of it until `forget`. */
export interface Finished {
  output: Output;
  forget(): Promise<void>;
}

/** Runs blocks where they belong. The only part of a run that waits for the outside. */
export interface Executor {
  /** Of the PostgreSQL server, e.g. `14.23`; null where there is none to ask. */
  serverVersion: string | null;
  /** Whether the data are the seeded ones, so that examples can be judged. */
  seeded: boolean;
  /** What `on=local` blocks see besides their environment; DATABASE_URL among it holds the proxy's password. */
  variables: Record<string, string>;
  /**
   * Runs a block to its end, or goes on with one that had begun. Throws CannotRun where it could not be tried, and
   * UnknownEnd where it began and its end cannot be known.
   */
  run(request: RunRequest): Promise<Finished>;
  /** Why what blocks run on is not there any more, in a sentence; null where it is. */
  lost(): Promise<string | null>;
  /** Closes what it has opened; the host stays open. */
  close(): Promise<void>;
}

export interface ExecutorParts {
  host: Host;
  /** The names that `on=` may call the host by. */
  hostNames: readonly string[];
  seeded: boolean;
  /** The directory of the runbook: where `on=local` blocks run. */
  localDirectory: string;
  /** What `on=local` blocks are given besides the caller's environment: replicas set PATH and the project's name. */
  environment: Record<string, string>;
  variables: Record<string, string>;
  database: FrontMatter['database'];
  /** What the run is bound to: an `sql` block's connection to another cluster is refused. */
  identity?: Identity | null;
  /** Whether blocks need the host's Docker engine. */
  needsEngine?: boolean;
  /** Sees what each block does to the database; only a replica has one. */
  witness?: Witness | undefined;
  /** The runbook's file name, for bash's messages. */
  runbook: string;
}

/** With the database as its sessions log in. */
type OpenedParts = Omit<ExecutorParts, 'database'> & { database: DatabaseLogin | undefined };

/** Opens an executor and asks the server for its version. Throws CannotRun where there is none to ask. */
export async function openExecutor(given: ExecutorParts): Promise<Executor> {
  const { host, variables, witness } = given;
  const database = given.database && { ...given.database, ...(witness ? { options: MARKED_SESSION } : {}) };
  const parts: OpenedParts = { ...given, database };
  const link = database ? await openDatabase(host, database) : null;
  const local = { ...variables, ...(link ? { DATABASE_URL: link.proxy.url } : {}) };
  return {
    seeded: parts.seeded,
    serverVersion: link?.version ?? null,
    variables: local,
    run: witnessed(witness, async (request) => {
      const { block } = request;
      if (block.language === 'sql') {
        return { output: await runSqlBlock(parts, { ...request, block }), forget: async () => undefined };
      }
      return runScript(
        parts,
        placeOf(block, parts),
        parts.runbook,
        block.on === 'local' ? local : variables,
        request,
      );
    }),
    lost: async () => (parts.needsEngine ? engineLost(host) : null),
    async close() {
      await witness?.close();
      await link?.proxy.close();
    },
  };
}

type Run = Executor['run'];

/** Adds to a block's output what was seen of it; what goes on beside other blocks cannot be told from them. */
function witnessed(witness: Witness | undefined, run: Run): Run {
  if (!witness) return run;
  let beside = 0;
  return async (request) => {
    if (request.block.background) {
      beside++;
      return run(request).finally(() => beside--);
    }
    const alone = beside === 0;
    const watch = await witness.watch();
    try {
      const { output, forget } = await run(request);
      const seen = await watch.end();
      const effects = alone ? seen : { unmeasured: 'another block went on beside it' };
      return { output: { ...output, effects }, forget };
    } catch (error) {
      await watch.end();
      throw error;
    }
  };
}

/** `local` is this machine, a host's name the host, and anything else a service, inside whose container it is. */
function placeOf({ on }: Block, { host, hostNames, localDirectory, environment }: OpenedParts): Host {
  if (on === 'local') return localHost({ directory: localDirectory, environment });
  return hostNames.includes(on) ? host : host.inside(on);
}

async function runScript(
  { host, database, witness }: OpenedParts,
  place: Host,
  runbook: string,
  variables: Record<string, string>,
  request: RunRequest,
): Promise<Finished> {
  const { block, onLine, signal } = request;
  const script = {
    name: runbook,
    text: block.text,
    line: block.body.line,
    cwd: block.cwd,
    environment: {
      ...variables,
      ...request.variables,
      ...(witness ? markedSessions(request.variables) : {}),
    },
    timeoutMs: block.timeoutMs,
  };
  const { run, name, attempt } = request.beginning;
  const unit = `${run}/${name}.${attempt}`;
  const { begun, record } = request;
  const finished = await runShell(place, script, { unit, begun, record, onLine, signal });
  const { timedOut, interrupted } = finished.output;
  if (!timedOut && !interrupted) return finished;
  const left = await endBeyond(host, database, begun?.answered?.unit ?? unit);
  if (left === null) return finished;
  throw new UnknownEnd(
    `it was ended as ${timedOut ? 'its time was over' : 'the run was interrupted'}, but ${left}`,
  );
}

/** For libpq's programs, and for those that a `docker` of the block begins inside containers. */
function markedSessions({ PGOPTIONS = '' }: Record<string, string>): Record<string, string> {
  const options = `${PGOPTIONS} ${MARKED_SESSION}`.trim();
  return { PGOPTIONS: options, [SESSION_OPTIONS]: options };
}

function runSqlBlock({ host, database, identity }: OpenedParts, request: RunRequest & { block: SqlBlock }) {
  if (!database) {
    throw new CannotRun('the front matter names no `database`, and an sql block needs one');
  }
  const connect = () => host.inside(database.service).database();
  const login = { ...database, service: request.block.on, cluster: identity?.system_identifier };
  return runSql(connect, login, request);
}

async function openDatabase(host: Host, login: DatabaseLogin) {
  const connect = () => host.inside(login.service).database();
  // The login's own database may be shut at the moment, while a step swaps it for another.
  const client = await connectClient(connect, { ...login, name: MAINTENANCE });
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await closeClient(client);
  const version = rows[0]?.server_version.split(' ')[0] ?? '';
  return { version, proxy: await startDatabaseProxy(connect, login) };
}
