import { describe, expect, it } from 'vitest';
import { clip, fitting, pad, widthOf } from '../../tools/report/style.ts';

describe('on a terminal', () => {
  it.each([
    ['plain', 5],
    ['汉字', 4],
    ['ｆｕｌｌ', 8],
    ['🎉', 2],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('%j takes %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
    expect(pad(text, 10).length).toBe(text.length + 10 - columns);
  });

  it('what is cut ends with a sign of it and fits, and what fits is not cut', () => {
    expect(clip('汉字汉字', 8)).toBe('汉字汉字');
    expect(clip('汉字汉字', 7)).toBe('汉字汉…');
    expect(clip('cafe\u0301', 4)).toBe('cafe\u0301');
  });

  it('at least one character fits, and no half of one', () => {
    expect(fitting('🎉x', 1)).toBe('🎉');
    expect(fitting('x🎉', 2)).toBe('x');
    expect(fitting('ab', 1, 1)).toBe('b');
    expect(fitting('ab', 1, 2)).toBe('');
  });

  it('a text of any length is cut while one waits', () => {
    const endless = '汉'.repeat(2_000_000);
    expect(clip(endless, 11)).toBe('汉汉汉汉汉…');
  });
});
