import { describe, expect, it } from 'vitest';
import { InterpolationError, interpolate } from '../../tools/compose/interpolate.ts';

const VARIABLES = { A: 'a', EMPTY: '', B: 'b' };

describe('interpolate', () => {
  it.each([
    ['plain', 'plain'],
    ['$A-${B}', 'a-b'],
    ['$$A and $$', '$A and $'],
    ['${MISSING}|$MISSING|', '||'],
    ['${MISSING:-x}${MISSING-x}', 'xx'],
    ['${EMPTY:-x}${EMPTY-x}', 'x'],
    ['${A:-x}', 'a'],
    ['${MISSING:-${B}-c}', 'b-c'],
    ['${A:+set}${MISSING:+set}', 'set'],
    ['${A:?no A}', 'a'],
    ['127.0.0.1:${PORT:-8000}:8000', '127.0.0.1:8000:8000'],
  ])('%s → %s', (text, expected) => {
    expect(interpolate(text, VARIABLES)).toBe(expected);
  });

  it.each([
    ['${MISSING:?say where}', 'required variable MISSING is missing a value: say where'],
    ['${EMPTY:?say where}', 'required variable EMPTY is missing a value: say where'],
    ['${A', 'write $$ for a dollar sign itself'],
    ['a$', 'write $$ for a dollar sign itself'],
    ['${1x}', 'write $$ for a dollar sign itself'],
  ])('refuses %s', (text, message) => {
    expect(() => interpolate(text, VARIABLES)).toThrow(InterpolationError);
    expect(() => interpolate(text, VARIABLES)).toThrow(message);
  });
});
