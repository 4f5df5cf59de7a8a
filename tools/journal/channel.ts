interface Pushed<T> {
  item: T;
  taken(): void;
  refused(error: Error): void;
}

/** Turns pushes into an async iteration, in order and without loss. */
export class Channel<T> implements AsyncIterable<T> {
  #waiting: Pushed<T>[] = [];
  #closed = false;
  #left = false;
  #wake: (() => void) | null = null;

  /**
   * Resolves when whoever iterates has done with the item, and asked for the next one. Rejects where the iteration is
   * given up before that.
   */
  push(item: T): Promise<void> {
    const taken = new Promise<void>((resolve, reject) => {
      if (this.#left) reject(noListener());
      else this.#waiting.push({ item, taken: resolve, refused: reject });
    });
    // A line that nobody reads is no failure; whoever waits for a record hears of it by the promise.
    taken.catch(() => undefined);
    this.#wake?.();
    return taken;
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    let current: Pushed<T> | undefined;
    try {
      for (;;) {
        current = this.#waiting.shift();
        if (current) {
          yield current.item;
          current.taken();
        } else if (this.#closed) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#left = true;
      current?.refused(noListener());
      for (const { refused } of this.#waiting) refused(noListener());
    }
  }
}

const noListener = () => new Error('nobody takes what is recorded any more');
