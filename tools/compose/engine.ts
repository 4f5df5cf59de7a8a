/**
 * The process that owns a replica's services: `engine.ts DIRECTORY`, its standard input is a pipe from the
 * process that made the replica. When that process ends, in whatever way, the pipe closes and the replica goes away,
 * unless the engine was told to keep it.
 */
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { takeCalls } from './calls.ts';
import { withRemedy } from './disk-full.ts';
import { endReplica } from './end.ts';
import { type EngineState, type Progress, recordProcesses } from './engine-state.ts';
import { openEntry } from './entry.ts';
import { ComposeError, ComposeFileError, DockerCommandError } from './errors.ts';
import { layoutOf, readReplicaRecord } from './layout.ts';
import { type PendingExec, prepareExec, prepareRun } from './pending-exec.ts';
import { CONTAINER_VARIABLE, type ProcessMark } from './processes.ts';
import type { Reply, Request } from './protocol.ts';
import { answerRequest } from './requests.ts';
import { readStack } from './stack.ts';

const directory = process.argv[2] as string;
const record = await readReplicaRecord(directory);
const layout = layoutOf(directory, record);
const engine: EngineState = { layout, services: [], containers: new Map(), oneOffs: [], isEnding: false };
let isKept = false;
let lastChange: Promise<unknown> = Promise.resolve();

// Also what the engine starts besides services, such as initdb, is the replica's.
process.env[CONTAINER_VARIABLE] = `${record.id}:engine`;
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => void end());
process.stdin.on('close', () => isKept || void end()).resume();
recordProcesses(engine);
process.on('uncaughtException', (error) => console.error(error));
await loadServices().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
await takeCalls(layout);
const server = createServer((socket) => void serve(socket));
server.listen(layout.engineSocket, () => {
  chmodSync(layout.engineSocket, 0o600);
  process.stdout.write('ready\n');
});

async function serve(socket: Socket): Promise<void> {
  socket.on('error', () => socket.destroy());
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const send = (reply: Reply) => void (socket.writable && socket.write(`${JSON.stringify(reply)}\n`));
  const first = await lines.next();
  if (first.done) return;
  const next = async () => {
    const line = await lines.next();
    return line.done ? null : (JSON.parse(line.value) as ProcessMark);
  };
  try {
    const done = await answer(JSON.parse(first.value) as Request, next, send);
    send({ done: done ?? null });
  } catch (error) {
    send(failureOf(error));
  }
  socket.end();
}

type Send = (reply: Reply) => void;

async function answer(
  request: Request,
  next: () => Promise<ProcessMark | null>,
  send: Send,
): Promise<unknown> {
  const progress: Progress = (line) => send({ progress: line });
  if (request.ask === 'end') return await end();
  if (request.ask === 'keep') {
    isKept = true;
    return;
  }
  if (request.ask === 'list' || request.ask === 'wait') return await answerRequest(engine, request, progress);
  if (request.ask === 'exec') return await registerNext(prepareExec(engine, request.service), next, send);
  return await inOrder(async () => {
    await loadServices();
    if (request.ask !== 'run') return await answerRequest(engine, request, progress);
    return await registerNext(
      await prepareRun(engine, request.service, request.dependencies, progress),
      next,
      send,
    );
  });
}

async function registerNext(
  { context, register }: PendingExec,
  next: () => Promise<ProcessMark | null>,
  send: Send,
) {
  send({ done: context });
  const mark = await next();
  if (mark) await register(mark);
}

/** Commands that change something wait for each other, as two people at one keyboard would. */
function inOrder<Value>(work: () => Promise<Value>): Promise<Value> {
  const mine = lastChange.then(work);
  lastChange = mine.catch(() => undefined);
  return mine;
}

/** Blocks may edit compose.yaml, so it is read again for each command. */
async function loadServices(): Promise<void> {
  engine.services = await readStack(layout.composeFile, record);
  for (const container of engine.containers.values()) openEntry(engine, container);
}

function failureOf(error: unknown): Reply {
  const failed = withRemedy(error instanceof Error ? error.message : String(error));
  if (error instanceof DockerCommandError) return { failed, exitCode: error.exitCode };
  if (error instanceof ComposeFileError) return { failed, exitCode: 14 };
  if (!(error instanceof ComposeError)) console.error(error);
  return { failed, exitCode: 1 };
}

async function end(): Promise<void> {
  if (engine.isEnding) return;
  engine.isEnding = true;
  for (const { changes } of engine.containers.values()) changes.emit('change');
  await endReplica(directory, record);
  process.exit(0);
}
