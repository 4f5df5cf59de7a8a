import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { EXIT, type ExitStatus } from './exit.ts';

type Stream = NodeJS.WriteStream;

/** The longest that a timer can wait: 24 days. */
const FOREVER_MS = 2 ** 31 - 1;

/** What writing to a stream gives whose reader has gone away: a pipe, a terminal. */
const GONE = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ENXIO']);

/** Those of the standard streams that are a terminal to begin with. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

/**
 * Waits for a command and ends the process with its status, once all that it wrote has been taken. A reader that goes
 * away before (`| head`, a closed terminal) changes neither the command nor its status. `command` must not reject.
 */
export async function endWith(command: Promise<ExitStatus>): Promise<never> {
  // What a command waits for may be something that by itself does not keep a process.
  const held = setInterval(() => undefined, FOREVER_MS);
  process.once('exit', saySoWhenUndecided);
  process.once('exit', leaveClosedTerminals);
  const failureOf = outliveReader(process.stdout);
  outliveReader(process.stderr);
  const status = await command;
  process.off('exit', saySoWhenUndecided);
  // From here an interruption has nothing to end but the writing.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(name);
  await written(process.stdout);
  const unwritten = failureOf();
  if (unwritten) process.stderr.write(`the standard output cannot be written: ${unwritten.message}\n`);
  await written(process.stderr);
  clearInterval(held);
  process.exit(unwritten && status === EXIT.passed ? EXIT.cannotRun : status);
}

/** Lets a stream's failures pass; what it gives tells the first that was not just a reader's leaving. */
function outliveReader(stream: Stream): () => Error | null {
  let failure: Error | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!GONE.has(error.code ?? '')) failure ??= error;
  });
  return () => failure;
}

/** A write is called back when it and those before it have been taken, or cannot be. */
const written = (stream: Stream) => new Promise<void>((resolve) => stream.write('', () => resolve()));

/** By a fault of the tool: no command ends the process by itself. */
function saySoWhenUndecided(): void {
  process.exitCode = EXIT.cannotRun;
  process.stderr.write(
    'the runbook’s tool ended before its command did: `report` shows how far a run came\n',
  );
}

/** Node restores the modes of its terminals at the very end, and aborts (134) at one that has been closed meanwhile. */
function leaveClosedTerminals(): void {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
}
