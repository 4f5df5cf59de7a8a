import { describe, expect, it } from 'vitest';
import { parseBudget, parseDuration, showAge, showDuration } from '../../tools/text/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5m', 90_000],
    ['', null],
    ['10', null],
    ['1s ', null],
    ['1d', null],
    ['-1s', null],
  ])('%j is %s ms', (text, expected) => expect(parseDuration(text)).toBe(expected));
});

describe('parseBudget', () => {
  it.each([
    ['1-5 minutes, by the size', [60_000, 300_000]],
    ['about 30 seconds', [30_000, 30_000]],
    ['1 to 1.5 hours', [3_600_000, 5_400_000]],
    ['2 – 3 Minutes', [120_000, 180_000]],
    ['5 to 1 minutes', null],
    ['a minute', null],
    ['5 days', null],
  ])('%j is %j', (text, expected) => expect(parseBudget(text)).toEqual(expected));
});

describe('showDuration', () => {
  it.each([
    [0, '0 ms'],
    [340.4, '340 ms'],
    [4200, '4.2 s'],
    [10_000, '10 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [65_000, '1 min 05 s'],
    [300_000, '5 min'],
    [7_380_000, '2 h 03 min'],
  ])('%d ms is %s', (ms, expected) => expect(showDuration(ms)).toBe(expected));
});

it.each([
  [-5, '0 seconds ago'],
  [-90_000, '90 seconds ahead of this clock'],
  [-34 * 24 * 3_600_000, '34 days ahead of this clock'],
  [1500, '1 second ago'],
  [119_000, '119 seconds ago'],
  [14 * 60_000, '14 minutes ago'],
  [3 * 3_600_000, '3 hours ago'],
  [49 * 3_600_000, '2 days ago'],
])('%d ms ago is %s', (ms, shown) => {
  expect(showAge(ms)).toBe(shown);
});
