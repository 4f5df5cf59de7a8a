import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { CannotRun, type ShellOutput } from '../outcome/output.ts';
import { BOOTSTRAP, bootstrapInput, exportsOf } from './bootstrap.ts';
import { Capture } from './capture.ts';
import { endingOf, GRACE_MS } from './ending.ts';
import { Framed } from './framed.ts';
import type { Start } from './start.ts';

export interface ShellScript {
  /** `$0` in bash's messages: the runbook's name, so that they read `runbook.md: line 57: …`. */
  name: string;
  text: string;
  /** The line of the runbook that `text` begins on. */
  line: number;
  cwd: string | null;
  environment: Record<string, string>;
  timeoutMs: number;
}

/**
 * Runs a script in one bash at the far side and waits for its end. When time runs out or `signal` aborts, what runs
 * there is ended there: ending the client alone would leave it running.
 * Throws CannotRun where no shell began, or where the connection was lost before the block's end.
 */
export async function runShell(
  start: Start,
  script: ShellScript,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<ShellOutput> {
  const nonce = randomBytes(16).toString('hex');
  const started = performance.now();
  const child = start(['bash', '-c', BOOTSTRAP, script.name, nonce]);
  const [stdout, stderr] = [new Capture(onLine), new Capture(onLine)];
  // Not before the far side has said how to end it: what we cannot end must not have begun.
  const begin = () =>
    child.stdin.end(bootstrapInput(script.environment, script.cwd, script.text, script.line));
  const framed = new Framed(nonce, begin, (chunk) => stdout.add(chunk));
  child.stdout.on('data', (chunk: Buffer) => framed.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  child.stdin.on('error', () => undefined);

  const ending = endingOf(script.timeoutMs, signal);
  const stopEnding = endWhen(ending.signal, start, child, framed);
  const exitCode = await exitOf(child).finally(() => {
    ending.forget();
    stopEnding();
  });
  framed.end();
  const errors = stderr.finish();
  if (framed.pid === null && ending.by === null) throw neverBegan(exitCode, errors.text);
  if (framed.trailer === null && !isOfSignal(exitCode) && ending.by === null)
    throw cutOff(exitCode, errors.text);
  return {
    kind: 'shell',
    exitCode,
    timedOut: ending.by === 'timeout',
    interrupted: ending.by === 'interruption',
    stdout: stdout.finish(),
    stderr: errors,
    exports: framed.trailer ? exportsOf(framed.trailer) : {},
    durationMs: performance.now() - started,
  };
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new CannotRun(`${child.spawnfile} cannot be started: ${error.message}`));
    });
    child.once('close', (code, name) => resolve(code ?? 128 + constants.signals[name ?? 'SIGKILL']));
  });
}

/** What the bootstrap ends with where it can make no file for what the block exports. */
const NO_ROOM = 125;

/** The bootstrap reports whatever end a block comes to, but for a signal to itself: then nothing is reported. */
const isOfSignal = (exitCode: number) => exitCode > 128 && exitCode < 255;

function neverBegan(exitCode: number, said: string): CannotRun {
  const [name] = Object.entries(constants.signals).find(([, n]) => n === exitCode - 128) ?? [];
  const end = name ? `the shell was ended by ${name} before its block began` : 'no shell began';
  return new CannotRun(said.trim() || `${end}: exit status ${exitCode}`);
}

const cutOff = (exitCode: number, said: string) =>
  new CannotRun(
    exitCode === NO_ROOM
      ? `the shell could not begin its block: ${said.trim()}`
      : `the connection was lost before the block's end, which may still be running there: ${said.trim()}`,
  );

/**
 * Ends the far side's process group when `signal` aborts: politely, then for good, and then what holds its streams
 * here. What it returns lets go of that.
 */
function endWhen(
  signal: AbortSignal,
  start: Start,
  child: ChildProcessWithoutNullStreams,
  framed: Framed,
): () => void {
  let next: NodeJS.Timeout | undefined;
  const send = (name: 'TERM' | 'KILL') => {
    if (framed.pid === null) {
      // A shell beyond ssh outlives the client that is killed here; it ends when it has nothing to read.
      child.stdin.end();
      child.kill(`SIG${name}`);
    } else endThere(start, framed.pid, name);
  };
  const letGo = () => {
    child.kill('SIGKILL');
    // A process that left the group may hold them for as long as it likes.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const end = () => {
    send('TERM');
    next = setTimeout(() => {
      send('KILL');
      next = setTimeout(letGo, GRACE_MS);
    }, GRACE_MS);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
    clearTimeout(next);
  };
}

/** Ending the client would leave what runs inside a container, or beyond ssh, running. */
function endThere(start: Start, pid: number, name: 'TERM' | 'KILL'): void {
  const kill = start(['bash', '-c', `kill -${name} -- -${pid} || kill -${name} ${pid}`]);
  kill.on('error', () => undefined);
  kill.stdin.on('error', () => undefined).end();
  kill.stdout.resume();
  kill.stderr.resume();
}
