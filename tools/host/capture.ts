import { StringDecoder } from 'node:string_decoder';
import type { Captured } from '../expect/subject.ts';

const LIMIT = 4 * 1024 * 1024;

/** Keeps the beginning of a stream and counts the rest, so that memory stays bounded whatever is printed. */
export class Capture {
  #chunks: Buffer[] = [];
  #kept = 0;
  #bytes = 0;
  #decoder = new StringDecoder('utf8');
  #partial = '';
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void = () => undefined) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = LIMIT - this.#kept;
    if (room > 0) {
      this.#chunks.push(chunk.subarray(0, room));
      this.#kept += Math.min(room, chunk.length);
    }
    this.#show(chunk);
  }

  /** Tells of the last whole line of a chunk only: a person cannot read more, and a flood must not cost more. */
  #show(chunk: Buffer): void {
    const end = chunk.lastIndexOf(10);
    if (end < 0) {
      if (this.#partial.length < 4096) this.#partial += this.#decoder.write(chunk);
      return;
    }
    const start = end === 0 ? -1 : chunk.lastIndexOf(10, end - 1);
    const line =
      start < 0
        ? this.#partial + this.#decoder.write(chunk.subarray(0, end))
        : chunk.toString('utf8', start + 1, end);
    this.#onLine(line.replace(/\r$/, ''));
    this.#decoder = new StringDecoder('utf8');
    this.#partial = this.#decoder.write(chunk.subarray(end + 1, end + 4097));
  }

  /** How many have come. */
  get bytes(): number {
    return this.#bytes;
  }

  finish(): Captured {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    return { text, bytes: this.#bytes, truncated: this.#bytes > this.#kept };
  }
}
