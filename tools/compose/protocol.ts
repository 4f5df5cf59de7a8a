import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { ComposeError, DockerCommandError } from './errors.ts';
import type { ProcessMark } from './processes.ts';

/** What is asked of a replica's engine: one JSON line over its socket. An empty `services` means all. */
export type Request =
  | { ask: 'up'; services: string[]; wait: boolean; dependencies: boolean; recreate: boolean }
  | { ask: 'start' | 'list' | 'wait' | 'remove'; services: string[] }
  | { ask: 'stop' | 'restart'; services: string[]; graceMs?: number }
  | { ask: 'kill'; services: string[]; signal: string }
  | { ask: 'down'; volumes: boolean; graceMs?: number }
  | { ask: 'exec'; service: string }
  | { ask: 'run'; service: string; dependencies: boolean }
  | { ask: 'services' | 'keep' | 'end' };

/** What comes back, one JSON line each: any number of `progress`, then one of the others. */
export type Reply = { progress: string } | { done: unknown } | { failed: string; exitCode: number };

/** A container as it is listed. Times are RFC 3339. */
export interface ContainerState {
  service: string;
  id: string;
  name: string;
  image: string;
  command: string;
  state: 'created' | 'running' | 'restarting' | 'exited';
  health: '' | 'starting' | 'healthy' | 'unhealthy';
  exitCode: number;
  createdAt: string;
  startedAt: string;
  finishedAt: string;
  ports: { host: number; container: number }[];
}

/**
 * What a process of a container is started with. The engine then waits for its mark, and answers once it has written
 * it down; only then may the process run the command.
 */
export interface ExecContext {
  directory: string;
  environment: Record<string, string>;
  /** What compose.yaml calls the working directory. */
  workingDirectory: string | null;
  name: string;
  containerId: string;
  entrypoint: string[];
  command: string[];
}

/** A connection to an engine, on which one request and its answers are exchanged. */
export interface EngineConnection {
  /** The engine's answer to what was sent last. Throws DockerCommandError, or ComposeError where none answers. */
  answer(): Promise<unknown>;
  /** Tells the engine which process was started in the container. */
  register(mark: ProcessMark): void;
  close(): void;
}

/** Sends a request and keeps the connection open. `progress` is called for each line of progress meanwhile. */
export function openConnection(
  socketPath: string,
  request: Request,
  progress?: (line: string) => void,
): EngineConnection {
  const socket = connect(socketPath);
  const replies = readReplies(socket);
  socket.write(`${JSON.stringify(request)}\n`);
  return {
    async answer() {
      for (let next = await replies.next(); !next.done; next = await replies.next()) {
        if ('progress' in next.value) progress?.(next.value.progress);
        else return finalOf(next.value);
      }
      throw new ComposeError('the replica has gone away: rehearse again for a new one');
    },
    register: (mark) => void socket.write(`${JSON.stringify(mark)}\n`),
    close: () => socket.destroy(),
  };
}

/** Sends a request, waits for its answer and closes the connection. Throws DockerCommandError, or ComposeError where none answers. */
export async function ask(
  socketPath: string,
  request: Request,
  progress?: (line: string) => void,
): Promise<unknown> {
  const connection = openConnection(socketPath, request, progress);
  try {
    return await connection.answer();
  } finally {
    connection.close();
  }
}

async function* readReplies(socket: Socket): AsyncGenerator<Reply> {
  // A connection that fails ends the lines; what it means is said where an answer was expected.
  socket.on('error', () => socket.destroy());
  try {
    for await (const line of createInterface({ input: socket })) yield JSON.parse(line) as Reply;
  } catch {
    // A connection that fails may also end readline with an error, which says no more than that.
  }
}

function finalOf(reply: Exclude<Reply, { progress: string }>): unknown {
  if ('done' in reply) return reply.done;
  throw new DockerCommandError(reply.failed, reply.exitCode);
}
