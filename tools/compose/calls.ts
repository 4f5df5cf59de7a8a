/**
 * The way of `docker compose ps`, `up -d`, `stop` and their like that starts no Node: the `docker` script hands its words
 * to the engine (docker-script.ts), which does what docker.ts would do. A shell can open no Unix socket, but bash opens a
 * connection of TCP: so the engine listens on 127.0.0.1, and does nothing for whoever does not know the secret word that
 * stands beside its port in `entries/calls`, which only its own user can read.
 *
 * A call is the secret, the number of words, the caller's directory, and the words, each ended by NUL. It is answered with
 * lines: `2 TEXT` for standard error; then `0 STATUS`, or `1 STATUS` and what is for standard output. Or `node`: then Node
 * does it, and nothing has been done.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { runDockerCommand } from './docker/command.ts';
import type { Host } from './docker/host.ts';
import { callsOf } from './docker-script.ts';
import { DockerCommandError } from './errors.ts';
import { type Layout, writeWhole } from './layout.ts';

/** A call of more bytes is none of a person's. */
const MOST_BYTES = 1024 * 1024;

/** So long a connection may take to say what it wants. */
const PATIENCE_MS = 10_000;

/** Logs that are longer are not read into the engine, which keeps the services. */
const MOST_LOGGED_BYTES = 4 * 1024 * 1024;

/** Takes calls from now on, if this machine lets it listen: else Node goes on doing all of them. */
export async function takeCalls(layout: Layout): Promise<void> {
  const secret = randomBytes(16).toString('hex');
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy()).setTimeout(PATIENCE_MS, () => socket.destroy());
    void serve(socket, secret, layout).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return;
  mkdirSync(layout.entries, { recursive: true, mode: 0o700 });
  writeWhole(callsOf(layout), `${(server.address() as AddressInfo).port} ${secret}\n`, 0o600);
}

async function serve(socket: Socket, secret: string, layout: Layout): Promise<void> {
  const called = await readCall(socket, secret);
  if (called === null) return void socket.destroy();
  socket.setTimeout(0);
  const { directory, words } = called;
  if (!isTaken(words, layout)) return void socket.end('node\n');
  const printed: string[] = [];
  const say = (text: string) => {
    for (const line of text.split('\n')) if (socket.writable) socket.write(`2 ${line}\n`);
  };
  const host: Host = { layout, directory, project: layout.id, print: (text) => void printed.push(text), say };
  const status = await runDockerCommand(host, words).catch((error: Error) => {
    say(error.message);
    return error instanceof DockerCommandError ? error.exitCode : 1;
  });
  socket.end(printed.length === 0 ? `0 ${status}\n` : `1 ${status}\n${printed.join('')}`);
}

/** Null where it is no whole call, or one without the secret. */
async function readCall(
  socket: Socket,
  secret: string,
): Promise<{ directory: string; words: string[] } | null> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    const [given = '', count = '', directory = '', ...words] = bytes.toString('utf8').split('\0');
    if (given.length > secret.length || bytes.length > MOST_BYTES) return null;
    // Behind the last NUL stands what is not whole yet.
    if (words.length <= Number(count) || count === '') continue;
    return isSame(given, secret) ? { directory, words: words.slice(0, Number(count)) } : null;
  }
  return null;
}

const isSame = (given: string, secret: string) =>
  given.length === secret.length && timingSafeEqual(Buffer.from(given), Buffer.from(secret));

/** What reads its input, runs beside its caller, or goes on for as long as its caller waits, is Node's. */
function isTaken(words: string[], { logs }: Layout): boolean {
  const [, ...rest] = words;
  if (rest.some((word) => ['exec', 'run', 'wait'].includes(word))) return false;
  if (!rest.includes('logs')) return true;
  const follows = rest.some((word) => /^(--follow|-\w*f\w*)/.test(word));
  return !follows && readdirSync(logs).every((name) => bytesOf(join(logs, name)) <= MOST_LOGGED_BYTES);
}

const bytesOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
