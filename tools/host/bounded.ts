import { Duplex } from 'node:stream';

/** The longest message that is read of a server: pg holds each as a whole, several times over. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Of an error's or a notice's message, so much is read: what it is comes first, its text after that. */
const MOST_SAID = 64 * 1024;

/** A message's type, and its length without it. */
const HEADER = 5;

const [DATA_ROW, COPY_DATA, ERROR, NOTICE] = [...Buffer.from('DdEN')];

/**
 * Bounds the messages of PostgreSQL's protocol by their headers, before any is held: a row or COPY data of more than
 * MOST_BYTES is left out, with `onLeftOut` told its bytes, and a long error or notice is cut short.
 */
export class MessageBound {
  #header = Buffer.alloc(0);
  /** Of the message that is passing: bytes that go through, and bytes behind them that do not. */
  #through = 0;
  #away = 0;
  /** What stands for the bytes that do not go through. */
  #instead: Buffer | null = null;
  readonly #onLeftOut: (bytes: number) => void;

  constructor(onLeftOut: (bytes: number) => void) {
    this.#onLeftOut = onLeftOut;
  }

  /** What of a chunk goes through, which may be nothing. Throws Error for a message that can be neither. */
  pass(chunk: Buffer): Buffer {
    const parts: Buffer[] = [];
    let [from, at] = [0, 0];
    while (at < chunk.length) {
      if (this.#through > 0) {
        const bytes = Math.min(this.#through, chunk.length - at);
        this.#through -= bytes;
        at += bytes;
      } else if (this.#away === 0 && this.#isShort(chunk, at)) {
        this.#through = chunk.readUInt32BE(at + 1) - 4;
        at += HEADER;
      } else {
        parts.push(chunk.subarray(from, at));
        at +=
          this.#away > 0 ? this.#skip(chunk.length - at, parts) : this.#collect(chunk.subarray(at), parts);
        from = at;
      }
    }
    parts.push(chunk.subarray(from));
    return parts.length === 1 ? chunk : Buffer.concat(parts);
  }

  /** Whether a message whose header is whole begins here that is within every bound, as nearly all are. */
  #isShort(chunk: Buffer, at: number): boolean {
    const whole = this.#header.length === 0 && chunk.length - at >= HEADER;
    return whole && chunk.readUInt32BE(at + 1) <= MOST_SAID;
  }

  #skip(most: number, parts: Buffer[]): number {
    const bytes = Math.min(this.#away, most);
    this.#away -= bytes;
    if (this.#away === 0 && this.#instead) {
      parts.push(this.#instead);
      this.#instead = null;
    }
    return bytes;
  }

  #collect(chunk: Buffer, parts: Buffer[]): number {
    const part = chunk.subarray(0, HEADER - this.#header.length);
    this.#header = Buffer.concat([this.#header, part]);
    if (this.#header.length === HEADER) parts.push(this.#begin());
    return part.length;
  }

  /** Decides of a message by its header; returns what goes through of that. */
  #begin(): Buffer {
    const header = this.#header;
    this.#header = Buffer.alloc(0);
    const [type] = header;
    const bytes = header.readUInt32BE(1) - 4;
    if ((type === ERROR || type === NOTICE) && bytes > MOST_SAID) return this.#shorten(header, bytes);
    if (bytes <= MOST_BYTES) {
      this.#through = bytes;
      return header;
    }
    if (type !== DATA_ROW && type !== COPY_DATA) {
      throw new Error(`the server sent a message of ${bytes} bytes, which is more than is read of one`);
    }
    this.#away = bytes;
    if (type === DATA_ROW) this.#onLeftOut(bytes);
    return Buffer.alloc(0);
  }

  /** Its fields each end with a zero, and the last of them with another. */
  #shorten(header: Buffer, bytes: number): Buffer {
    this.#through = MOST_SAID - 2;
    this.#away = bytes - this.#through;
    this.#instead = Buffer.alloc(2);
    header.writeUInt32BE(MOST_SAID + 4, 1);
    return header;
  }
}

/** A stream to a server of which no message is longer than can be held. See MessageBound. */
export function boundedStream(server: Duplex, onLeftOut: (bytes: number) => void): Duplex {
  const bound = new MessageBound(onLeftOut);
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void server.resume(),
    write: (chunk, _encoding, done) => void server.write(chunk, done),
    final: (done) => (server.writableEnded || server.destroyed ? done() : void server.end(() => done())),
    destroy(error, done) {
      server.destroy();
      done(error);
    },
  });
  server.on('data', (chunk: Buffer) => {
    try {
      const passed = bound.pass(chunk);
      if (passed.length > 0 && !stream.push(passed)) server.pause();
    } catch (error) {
      stream.destroy(error as Error);
    }
  });
  server.once('end', () => stream.push(null));
  // Once all has been read, what the other way could not be written is nothing that was waited for.
  server.on('error', (error) => (server.readableEnded ? stream.destroy() : stream.destroy(error)));
  server.once('close', () => {
    if (!server.readableEnded) stream.destroy();
  });
  return stream;
}
