import { expect, it } from 'vitest';
import { nearest, suggestion } from '../../tools/text/nearest.ts';

it.each([
  ['timout', 'timeout'],
  ['TIMEOUT', 'timeout'],
  ['effcet', 'effect'],
  ['x', 'on'],
  ['background', null],
])('of timeout, effect and on, nearest to %s is %s', (word, meant) => {
  expect(nearest(word, ['timeout', 'effect', 'on'])).toBe(meant);
});

it('the one that is meant is suggested, or else all there are', () => {
  expect(suggestion('timout', ['timeout', 'on'])).toBe('did you mean `timeout`?');
  expect(suggestion('background', ['timeout', 'on'])).toBe('there are timeout, on');
});
