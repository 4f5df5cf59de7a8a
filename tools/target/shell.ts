import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { CannotRun, type ShellOutput } from '../outcome/output.ts';
import { BOOTSTRAP, bootstrapInput, exportsOf } from './bootstrap.ts';
import { Capture } from './capture.ts';
import { Framed } from './framed.ts';

/** How to start a program where a block runs: a door, or `docker compose exec` behind one. */
export type Start = (argv: string[]) => ChildProcessWithoutNullStreams;

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

/** After SIGTERM, before SIGKILL. */
const GRACE_MS = 5000;

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

  const deadline = AbortSignal.timeout(script.timeoutMs);
  const ender = endWhen([deadline, signal], start, child, framed);
  const exitCode = await exitOf(child);
  ender.forget();
  framed.end();
  const timedOut = deadline.aborted;
  const errors = stderr.finish();
  if (framed.pid === null && !timedOut && !signal.aborted) throw neverBegan(exitCode, errors.text);
  if (framed.trailer === null && exitCode === 255 && !timedOut && !signal.aborted) throw cutOff(errors.text);
  return {
    kind: 'shell',
    exitCode,
    timedOut,
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

const neverBegan = (exitCode: number, said: string) =>
  new CannotRun(said.trim() || `no shell began: exit status ${exitCode}`);

const cutOff = (said: string) =>
  new CannotRun(
    `the connection was lost before the block's end, which may still be running there: ${said.trim()}`,
  );

/** Ends the far side's process group when one of `signals` aborts: politely, then for good. */
function endWhen(
  signals: AbortSignal[],
  start: Start,
  child: ChildProcessWithoutNullStreams,
  framed: Framed,
) {
  let hard: NodeJS.Timeout | undefined;
  const send = (name: 'TERM' | 'KILL') => {
    if (framed.pid === null) {
      // A shell beyond ssh outlives the client that is killed here; it ends when it has nothing to read.
      child.stdin.end();
      child.kill(`SIG${name}`);
    } else endThere(start, framed.pid, name);
  };
  const end = () => {
    send('TERM');
    hard = setTimeout(() => {
      send('KILL');
      hard = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    }, GRACE_MS);
  };
  // Not AbortSignal.any: what it returns may be collected while it is listened to.
  for (const signal of signals) {
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  }
  return {
    forget() {
      for (const signal of signals) signal.removeEventListener('abort', end);
      clearTimeout(hard);
    },
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
