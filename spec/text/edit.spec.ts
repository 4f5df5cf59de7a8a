import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdits, composeEdits, type Edit } from '../../tools/text/edit.ts';

/** Edits of a text of this length that do not overlap, by the gaps and lengths that these numbers give. */
function editsOf(length: number, numbers: readonly (readonly [number, number, string])[]): Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  for (const [gap, cut, text] of numbers) {
    const start = at + gap;
    const end = start + cut;
    if (end > length) break;
    edits.push({ start, end, text });
    at = end + 1;
  }
  return edits;
}

const numbers = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.string({ maxLength: 3 })), { maxLength: 6 });

it('edits of edits, composed, do in one step what they do in two', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), numbers, numbers, (source, one, other) => {
      const first = editsOf(source.length, one);
      const between = applyEdits(source, first);
      const second = editsOf(between.length, other);
      expect(applyEdits(source, composeEdits(source, first, second))).toBe(applyEdits(between, second));
    }),
    { numRuns: 5000 },
  );
});
