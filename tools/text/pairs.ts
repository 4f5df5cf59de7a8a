/** What a block is known by: its name, and a hash of what it does; null where that is not known. */
export interface Known {
  name: string;
  key: string | null;
}

/**
 * For each of `now`, in order, which one of `earlier` it was: first the one of its name that does the same, then any
 * that does the same, and then the one of its name, which does something else; null where there is none. No one of
 * `earlier` is two of them.
 */
export function pairUp<E extends Known>(now: readonly Known[], earlier: readonly E[]): (E | null)[] {
  const found: (E | null)[] = now.map(() => null);
  const left = new Set(earlier);
  const pair = (fits: (one: Known, other: E) => boolean) => {
    for (const [i, one] of now.entries()) {
      const other = found[i] ?? [...left].find((candidate) => fits(one, candidate)) ?? null;
      found[i] = other;
      if (other) left.delete(other);
    }
  };
  pair((one, other) => doesTheSame(one, other) && one.name === other.name);
  pair(doesTheSame);
  pair((one, other) => one.name === other.name);
  return found;
}

/** What is not known is not the same as anything. */
export const doesTheSame = (one: Known, other: Known): boolean => one.key !== null && one.key === other.key;
