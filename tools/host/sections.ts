/**
 * Cuts a stream at each occurrence of a mark that nobody else can know. What stands before the first mark is section
 * 0: of a login's own words. Nothing but what may be the beginning of a mark is held back.
 */
export class Sections {
  #section = 0;
  #held: Buffer = Buffer.alloc(0);
  readonly #mark: Buffer;
  readonly #onBytes: (section: number, bytes: Buffer) => void;
  readonly #onMark: (section: number) => void;

  /** `onMark` is told the section that begins. */
  constructor(
    mark: string,
    onBytes: (section: number, bytes: Buffer) => void,
    onMark: (section: number) => void,
  ) {
    this.#mark = Buffer.from(mark);
    this.#onBytes = onBytes;
    this.#onMark = onMark;
  }

  add(chunk: Buffer): void {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    for (let at = bytes.indexOf(this.#mark); at >= 0; at = bytes.indexOf(this.#mark)) {
      this.#give(bytes.subarray(0, at));
      bytes = bytes.subarray(at + this.#mark.length);
      this.#onMark(++this.#section);
    }
    const safe = bytes.length - this.#begun(bytes);
    this.#give(bytes.subarray(0, safe));
    this.#held = Buffer.from(bytes.subarray(safe));
  }

  /** What was held back in case it began a mark. */
  end(): void {
    this.#give(this.#held);
    this.#held = Buffer.alloc(0);
  }

  #give(bytes: Buffer): void {
    if (bytes.length > 0) this.#onBytes(this.#section, bytes);
  }

  /** How many bytes at the end may be the beginning of a mark: mostly none, so that lines show at once. */
  #begun(bytes: Buffer): number {
    for (let n = Math.min(bytes.length, this.#mark.length - 1); n > 0; n--) {
      if (bytes.subarray(bytes.length - n).equals(this.#mark.subarray(0, n))) return n;
    }
    return 0;
  }
}
