import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteWord, splitWords } from '../../tools/compose/words.ts';

describe('splitWords', () => {
  it.each([
    ['node  api.ts', ['node', 'api.ts']],
    [`sh -c 'echo "a b"; exit 1'`, ['sh', '-c', 'echo "a b"; exit 1']],
    ['a\\ b "c\\"d" e""f', ['a b', 'c"d', 'ef']],
    [`'' ""`, ['', '']],
    [' ', []],
    [`'open`, null],
  ])('%s', (text, expected) => {
    expect(splitWords(text)).toEqual(expected);
  });
});

describe('quoteWord', () => {
  it.each([`it's`, '$HOME `id`', 'a\nb', ''])('makes %j one word for a shell', (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${quoteWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });
});
