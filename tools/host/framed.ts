/**
 * The stream of a shell under the bootstrap (see bootstrap.ts): `NONCE PID\n`, then whatever the block prints, then
 * NONCE, NUL and the trailer. Only the part in the middle is the block's. What a login says before is let go.
 */
export class Framed {
  /** Of the far side's shell, once it has started. */
  pid: number | null = null;
  /** The bytes behind the second nonce; null until the block has ended. */
  trailer: Buffer | null = null;
  #held: Buffer = Buffer.alloc(0);
  readonly #mark: Buffer;
  readonly #onStart: () => void;
  readonly #onBody: (chunk: Buffer) => void;

  /** `onStart` is called once `pid` is known. */
  constructor(nonce: string, onStart: () => void, onBody: (chunk: Buffer) => void) {
    this.#mark = Buffer.from(nonce);
    this.#onStart = onStart;
    this.#onBody = onBody;
  }

  add(chunk: Buffer): void {
    if (this.trailer) {
      this.trailer = Buffer.concat([this.trailer, chunk]);
      return;
    }
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    if (this.pid === null) this.#header(bytes);
    else this.#body(bytes);
  }

  /** What was held back in case it began the trailer. */
  end(): void {
    if (this.pid !== null && !this.trailer) this.#onBody(this.#held);
    this.#held = Buffer.alloc(0);
  }

  #header(bytes: Buffer): void {
    const start = bytes.indexOf(this.#mark);
    const end = start < 0 ? -1 : bytes.indexOf(10, start);
    this.#held = bytes;
    if (end < 0) return;
    this.pid = Number(bytes.toString('latin1', start + this.#mark.length, end));
    this.#held = Buffer.alloc(0);
    this.#onStart();
    this.#body(bytes.subarray(end + 1));
  }

  #body(bytes: Buffer): void {
    const at = bytes.indexOf(this.#mark);
    if (at >= 0) {
      this.#onBody(bytes.subarray(0, at));
      this.trailer = bytes.subarray(at + this.#mark.length + 1);
      this.#held = Buffer.alloc(0);
      return;
    }
    const safe = bytes.length - this.#begun(bytes);
    if (safe > 0) this.#onBody(bytes.subarray(0, safe));
    this.#held = Buffer.from(bytes.subarray(safe));
  }

  /** How many bytes at the end may be the beginning of the second nonce: mostly none, so that lines show at once. */
  #begun(bytes: Buffer): number {
    for (let n = Math.min(bytes.length, this.#mark.length - 1); n > 0; n--) {
      if (bytes.subarray(bytes.length - n).equals(this.#mark.subarray(0, n))) return n;
    }
    return 0;
  }
}
