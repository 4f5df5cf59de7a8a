import { createHash } from 'node:crypto';

/** Numbers that look like chance, and are the same for the same seed. */
export interface Chance {
  /** From 0 to `n` - 1. */
  below(n: number): number;
  /** So many of the items, or all where there are not so many. */
  some<T>(items: readonly T[], count: number): T[];
}

export function chanceOf(seed: string): Chance {
  let drawn = 0;
  const below = (n: number) => {
    const digest = createHash('sha256').update(`${seed} ${drawn++}`).digest();
    return digest.readUInt32BE(0) % n;
  };
  return {
    below,
    some(items, count) {
      const left = [...items];
      const taken: (typeof items)[number][] = [];
      while (taken.length < count && left.length > 0) taken.push(...left.splice(below(left.length), 1));
      return taken;
    },
  };
}
