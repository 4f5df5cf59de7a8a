import { describe, expect, it } from 'vitest';
import { describeDuration, parseDurationMs } from '../../tools/compose/duration.ts';

describe('parseDurationMs', () => {
  it.each([
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['250us', 0.25],
    ['10', null],
    ['1s ', null],
    ['', null],
  ])('%j is %s', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });
});

describe('describeDuration', () => {
  it.each([
    [999, 'Less than a second'],
    [1000, '1 second'],
    [59_999, '59 seconds'],
    [60_000, 'About a minute'],
    [120_000, '2 minutes'],
    [3_600_000, 'About an hour'],
    [7_200_000, '2 hours'],
    [172_800_000, '2 days'],
  ])('%i ms: %s', (milliseconds, expected) => {
    expect(describeDuration(milliseconds)).toBe(expected);
  });
});
