import { median } from './median.ts';

/** Two things to do, of which the first is measured against the second. */
export type Pair = [measured: () => PromiseLike<unknown>, against: () => PromiseLike<unknown>];

/** Milliseconds of each, a pair an entry. */
export type Paired = [measured: number, against: number][];

/** Does both so many times, one after the other, each first in every other pair; once before that counts. */
export async function paired([measured, against]: Pair, count: number): Promise<Paired> {
  await measured();
  await against();
  const pairs: Paired = [];
  for (let index = 0; index < count; index++) {
    if (index % 2 === 0) pairs.push([await timed(measured), await timed(against)]);
    else {
      const second = await timed(against);
      pairs.push([await timed(measured), second]);
    }
  }
  return pairs;
}

/** Milliseconds that something takes. */
export async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The median of each, and that of the ratios, with the least and the greatest. */
export function rowOf(pairs: Paired): string[] {
  const ratios = ratiosOf(pairs);
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)];
  return [
    ms(median(pairs.map(([measured]) => measured))),
    ms(median(pairs.map(([, against]) => against))),
    `${median(ratios).toFixed(2)}× (${least.toFixed(2)} to ${greatest.toFixed(2)})`,
  ];
}

/** The median of the pairs' ratios. */
export const ratioOf = (pairs: Paired): number => median(ratiosOf(pairs));

const ratiosOf = (pairs: Paired) => pairs.map(([measured, against]) => measured / against);

const ms = (value: number) => (value < 1000 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(1)} s`);
