import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { CannotRun, type LeftProcess } from '../outcome/output.ts';
import { newMark } from './noise.ts';
import { Sections } from './sections.ts';
import type { Start } from './start.ts';

/** What the far side says first. */
export interface LinkHeader {
  /** Of the program that the link started. */
  pid: number;
  /** Changes whenever the machine or the container there starts anew; null where nothing can tell. */
  boot: string | null;
  /** `new`: a supervisor that waits for its script; else whether the block to follow is there. */
  state: 'new' | 'found' | 'absent';
}

/** How a link ended: with the block's end, or without. */
export type LinkEnd = BlockEnd | LinkClosed;

export interface BlockEnd {
  kind: 'block';
  /** The exit status; or that there is none: see FOLLOW. */
  status: number | 'gone' | 'orphan';
  /** What its shell left running, and still holds its output. */
  left: LeftProcess[];
  /** The environment before and after. */
  exports: Buffer;
}

export interface LinkClosed {
  kind: 'closed';
  /** Of the program that was started here; null where a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** What it said for itself: on standard error, outside of the block's. */
  said: string;
}

/** One connection to the far side of a block. */
export interface Link {
  /** Null where it closed before. */
  header: Promise<LinkHeader | null>;
  ended: Promise<LinkEnd>;
  /** Comes true when the program that was started here has ended. */
  closed: Promise<LinkClosed>;
  send(text: string): void;
  /** Ends what is sent: a far side that has no whole script then ends. */
  close(): void;
  /** Lets go of the far side, and ends the program here. */
  cut(): void;
}

/** What a block printed goes here, as it comes. */
export interface LinkReader {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
}

/** Of the words outside of a block, so much is kept for a message. */
const MOST_SAID = 16 * 1024;

/**
 * Starts a program of supervisor.ts at the far side. The first line that it is sent is a nonce that frames what it says,
 * so that noise of login files is told apart; as an argument, every block that prints the processes would print it. `ended` and the others never reject but with CannotRun, where nothing can be
 * started here.
 */
export function openLink(
  start: Start,
  program: string,
  [name, ...argv]: [name: string, ...argv: string[]],
  reader: LinkReader,
): Link {
  const nonce = newMark();
  // A bash whose input is a socket takes itself for one of rshd's, and reads the login files.
  const child = start(['bash', '--norc', '-c', program, name, ...argv]);
  child.stdin.on('error', () => undefined).write(`${nonce}\n`);
  const header = new Deferred<LinkHeader | null>();
  const end = new Deferred<LinkEnd>();
  const frame = readFrame(child, nonce, reader, header.resolve, end.resolve);
  const closed = closeOf(child, frame.said).then(
    (how) => {
      frame.finish();
      header.resolve(null);
      end.resolve(how);
      return how;
    },
    (error: unknown) => {
      header.reject(error);
      end.reject(error);
      throw error;
    },
  );
  closed.catch(() => undefined);
  return {
    header: header.promise,
    ended: end.promise,
    closed,
    send: (text) => void child.stdin.write(text),
    close: () => void child.stdin.end(),
    cut() {
      child.stdin.destroy();
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

/** Standard output: noise, header and block, end and exports. Standard error: noise, block, nothing more. */
function readFrame(
  child: ChildProcessWithoutNullStreams,
  nonce: string,
  reader: LinkReader,
  onHeader: (header: LinkHeader) => void,
  onEnd: (end: LinkEnd) => void,
) {
  let [line, said, errorsEnded, whole] = ['', '', false, false];
  let headed = false;
  const trailer: Buffer[] = [];
  const finishBlock = () => {
    if (whole && errorsEnded) onEnd(blockEnd(Buffer.concat(trailer)));
  };
  const stdout = new Sections(
    nonce,
    (section, bytes) => {
      if (section === 2) trailer.push(bytes);
      if (section !== 1) return;
      if (headed) return reader.stdout(bytes);
      const at = bytes.indexOf(10);
      line += bytes.toString('latin1', 0, at < 0 ? bytes.length : at);
      if (at < 0) return;
      headed = true;
      onHeader(headerOf(line));
      if (at + 1 < bytes.length) reader.stdout(bytes.subarray(at + 1));
    },
    (section) => {
      whole = section === 3;
      finishBlock();
    },
  );
  const stderr = new Sections(
    nonce,
    (section, bytes) => {
      if (section === 1) reader.stderr(bytes);
      else if (said.length < MOST_SAID) said += bytes.toString('utf8');
    },
    (section) => {
      errorsEnded = section === 2;
      finishBlock();
    },
  );
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  return {
    said: () => said,
    finish() {
      stdout.end();
      stderr.end();
    },
  };
}

function headerOf(line: string): LinkHeader {
  const [pid, boot, state] = line.trim().split(' ');
  return {
    pid: Number(pid),
    boot: boot === '-' || boot === undefined ? null : boot,
    state: state as LinkHeader['state'],
  };
}

function blockEnd(trailer: Buffer): BlockEnd {
  const at = trailer.indexOf(10);
  const [word, ...left] = trailer.toString('utf8', 0, at).split('\t');
  return {
    kind: 'block',
    status: word === 'gone' || word === 'orphan' ? word : Number(word),
    left: left.map(leftProcess),
    exports: trailer.subarray(at + 1),
  };
}

function leftProcess(text: string): LeftProcess {
  const blank = text.indexOf(' ');
  return { pid: Number(text.slice(0, blank)), command: text.slice(blank + 1) };
}

/** How long the streams of a program that has ended may take to be read. What is lost of them can be read again. */
const DRAIN_MS = 2000;

function closeOf(child: ChildProcessWithoutNullStreams, said: () => string): Promise<LinkClosed> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new CannotRun(`${child.spawnfile} cannot be started: ${error.message}`));
    });
    // What ssh shares a connection with holds its streams, and goes on holding them when ssh alone was killed.
    child.once('exit', () => {
      const late = setTimeout(
        () => [child.stdout, child.stderr].forEach((stream) => void stream.destroy()),
        DRAIN_MS,
      );
      child.once('close', () => clearTimeout(late));
    });
    child.once('close', (exitCode, signal) => resolve({ kind: 'closed', exitCode, signal, said: said() }));
  });
}

/** A promise that others settle; only the first time counts. */
class Deferred<T> {
  readonly promise: Promise<T>;
  resolve: (value: T) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(() => undefined);
  }
}
