import type { SqlBlock } from '../document/document.ts';
import type { FrontMatter } from '../document/front-matter.ts';
import { CannotRun } from '../outcome/output.ts';
import type { TargetFacts } from '../plan/plan.ts';
import { type ConnectDatabase, connectClient, type DatabaseLogin } from './database.ts';
import { type Door, localDoor } from './door.ts';
import { engineLost } from './engine.ts';
import type { RunRequest, Target } from './executor.ts';
import { startDatabaseProxy } from './proxy.ts';
import { runShell, type Start } from './shell.ts';
import { runSql } from './sql.ts';

export interface TargetParts {
  facts: TargetFacts;
  seeded: boolean;
  /** Leads to the host: what `on=nas` is. */
  door: Door;
  /** The directory of the runbook: what `on=local` is. */
  localDirectory: string;
  /** For the host's shells and the local ones: replicas set PATH and the project's name here. */
  environment: Record<string, string>;
  variables: Record<string, string>;
  database: FrontMatter['database'];
  connectDatabase: ConnectDatabase | null;
  /** Whether blocks need the host's Docker engine. */
  needsEngine?: boolean;
  /** The runbook's file name, for bash's messages. */
  runbook: string;
}

/** Makes a target of its parts and asks the server for its version. Throws CannotRun where there is none to ask. */
export async function openTarget(parts: TargetParts): Promise<Target> {
  const link =
    parts.database && parts.connectDatabase
      ? await openDatabase(parts.connectDatabase, parts.database)
      : null;
  const here = localDoor(parts.localDirectory, parts.environment);
  const local = { ...parts.variables, ...(link ? { DATABASE_URL: link.proxy.url } : {}) };
  return {
    facts: parts.facts,
    seeded: parts.seeded,
    serverVersion: link?.version ?? null,
    variables: local,
    async run(request) {
      const { block } = request;
      if (block.language === 'sql') return runSqlBlock(parts, { ...request, block });
      const variables = block.on === 'local' ? local : parts.variables;
      return runScript(startAt(parts.door, here, block.on), parts.runbook, variables, request);
    },
    lost: async () => (parts.needsEngine ? engineLost(parts.door) : null),
    async close() {
      await link?.proxy.close();
      await parts.door.close();
    },
  };
}

/** `local` and `nas` are shells; anything else is a service, inside whose container the block runs. */
function startAt(host: Door, here: Door, on: string): Start {
  if (on === 'local') return (argv) => here.start(argv);
  if (on === 'nas') return (argv) => host.start(argv);
  return (argv) => host.start(['docker', 'compose', 'exec', '-T', on, ...argv]);
}

function runScript(start: Start, runbook: string, variables: Record<string, string>, request: RunRequest) {
  const { block, onLine, signal } = request;
  const script = {
    name: runbook,
    text: block.text,
    line: block.body.line,
    cwd: block.cwd,
    environment: { ...variables, ...request.variables },
    timeoutMs: block.timeoutMs,
  };
  return runShell(start, script, onLine, signal);
}

function runSqlBlock(
  { database, connectDatabase }: TargetParts,
  { block, onLine, signal }: RunRequest & { block: SqlBlock },
) {
  if (!database || !connectDatabase) {
    throw new CannotRun('the front matter names no `database`, and an sql block needs one');
  }
  return runSql(connectDatabase, { ...database, service: block.on }, block, onLine, signal);
}

async function openDatabase(connect: ConnectDatabase, login: DatabaseLogin) {
  const client = await connectClient(connect, login);
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  const version = rows[0]?.server_version.split(' ')[0] ?? '';
  return { version, proxy: await startDatabaseProxy(connect, login) };
}
