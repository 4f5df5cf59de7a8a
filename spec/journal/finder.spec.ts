import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Found, makeFinder } from '../../tools/journal/finder.ts';

/** The same, one word after the other. */
function byHand(words: string[], text: string): Found[] {
  const places = words.flatMap((word) =>
    [...text].flatMap((_, start) =>
      text.startsWith(word, start) ? [{ start, end: start + word.length }] : [],
    ),
  );
  const merged: Found[] = [];
  for (const place of places.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && place.start < last.end) last.end = Math.max(last.end, place.end);
    else merged.push(place);
  }
  return merged;
}

const ofFewLetters = (limits: { minLength?: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), ...limits });

it('finds every word, also within others and across them', () => {
  fc.assert(
    fc.property(
      fc.array(ofFewLetters({ minLength: 1, maxLength: 6 }), { maxLength: 6 }),
      ofFewLetters({ maxLength: 40 }),
      (words, text) => {
        expect(makeFinder(words)(text)).toEqual(byHand(words, text));
      },
    ),
    { numRuns: 2000 },
  );
});

it('keeps words apart that only touch, and knows half a character from a whole one', () => {
  expect(makeFinder(['ab'])('abab')).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 4 },
  ]);
  expect(makeFinder(['x🎉'])('x🎊x🎉')).toEqual([{ start: 3, end: 6 }]);
});
