import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { quote } from '../../tools/text/quote.ts';

it.each(['plain', '', "it's", '$HOME `date` \\', 'two  blanks', 'a\nb', '~', '*', 'ü 📊', "'", '-n', 'a=b'])(
  'a shell reads %j back as it was',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf '%s' ${quote(word)}`]).toString()).toBe(word);
  },
);

it('a word that needs no quotes has none', () => {
  expect(quote('user@host:/a/b-c_1.2,3%+=')).toBe('user@host:/a/b-c_1.2,3%+=');
});
