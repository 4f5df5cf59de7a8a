import { expect, it } from 'vitest';
import { nearest, suggestion } from '../../tools/text/nearest.ts';

const KNOWN = ['database', 'replica', 'variables'];

it.each([
  ['databse', 'database'],
  ['REPLICA', 'replica'],
  ['replicas', 'replica'],
  ['varables', 'variables'],
  ['elephant', null],
  ['', null],
])('the nearest to %j is %j', (word, expected) => expect(nearest(word, KNOWN)).toBe(expected));

it('there is none where nothing is known', () => expect(nearest('database', [])).toBeNull());

it('a suggestion is the nearest word, or else all there are', () => {
  expect(suggestion('databse', KNOWN)).toBe('did you mean `database`?');
  expect(suggestion('elephant', KNOWN)).toBe('there are database, replica, variables');
  expect(suggestion('elefant', KNOWN, ['elephant'])).toBe('did you mean `elephant`?');
});
