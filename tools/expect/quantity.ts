import { type ArgumentsOf, type Gaps, registryOfGaps } from './gaps.ts';
import { definePhrase, type Forms, firstRead, type Phrase } from './phrase.ts';
import { countOf } from './rows.ts';

/** How many, as a sentence says it of rows. */
export interface Quantity {
  holds(count: number): boolean;
  /** For a reader: `at least 3 rows`. */
  rows: string;
  /** Why no number, or every number, is so many; null where all is well. */
  objection: string | null;
}

/** A way to say how many, with what the documentation tells of it. */
export interface QuantityPhrase extends Phrase<Quantity> {
  means: string;
}

const registry = registryOfGaps();

const define = <E extends string>(
  means: string,
  forms: Forms<E>,
  meaning: (...args: ArgumentsOf<E, Gaps>) => Omit<Quantity, 'objection'> & { objection?: string | null },
): QuantityPhrase => ({
  means,
  ...definePhrase(
    registry,
    forms,
    (...args: ArgumentsOf<E, Gaps>): Quantity => ({
      objection: null,
      ...meaning(...args),
    }),
  ),
});

const exactly = define('just so many', { '{count}': '4', 'exactly {count}': 'exactly 4' }, (count) => ({
  holds: (n) => n === count,
  rows: countOf(count),
}));

const atLeast = define(
  'so many or more',
  { 'at least {count}': 'at least 3', '{count} or more': '3 or more' },
  (least) => ({
    holds: (n) => n >= least,
    rows: `at least ${countOf(least)}`,
    objection: least === 0 ? 'there are always at least 0 rows' : null,
  }),
);

const atMost = define(
  'so many or fewer',
  { 'at most {count}': 'at most 10', 'up to {count}': 'up to 10', '{count} or fewer/less': '10 or fewer' },
  (most) => ({ holds: (n) => n <= most, rows: `at most ${countOf(most)}` }),
);

const moreThan = define(
  'more than that',
  { 'more than {count}': 'more than 3', 'over {count}': 'over 3' },
  (limit) => ({ holds: (n) => n > limit, rows: `more than ${countOf(limit)}` }),
);

const fewerThan = define(
  'fewer than that',
  { 'fewer/less than {count}': 'fewer than 10', 'under {count}': 'under 10' },
  (limit) => ({
    holds: (n) => n < limit,
    rows: `fewer than ${countOf(limit)}`,
    objection: limit === 0 ? 'there are never fewer than 0 rows' : null,
  }),
);

const between = define(
  'from the first number to the second, both included',
  { 'between {count} and {count}': 'between 1 and 5' },
  (least, most) => ({
    holds: (n) => n >= least && n <= most,
    rows: `between ${least} and ${countOf(most)}`,
    objection: least > most ? 'no number lies between these: write the smaller one first' : null,
  }),
);

const about = define('so many, or up to 10 % more or fewer', { 'about {count}': 'about 250' }, (count) => {
  const [least, most] = [Math.ceil((count * 90) / 100), Math.floor((count * 110) / 100)];
  return {
    holds: (n) => n >= least && n <= most,
    rows: `about ${countOf(count)} (${least} to ${most})`,
    objection: null,
  };
});

/** Every way to say how many, in the order in which they are tried. */
export const QUANTITIES: readonly QuantityPhrase[] = [
  exactly,
  atLeast,
  atMost,
  moreThan,
  fewerThan,
  between,
  about,
];

export const readQuantity = (text: string): Quantity | null => firstRead(QUANTITIES, text);
