import { describe, expect, test } from 'vitest';
import { resolveDestination } from '../../tools/crosshot/migrate/destination.ts';
import { stepsFrom } from '../../tools/crosshot/migrate/move.ts';
import { loadRevisions } from '../../tools/crosshot/migrate/revisions.ts';
import { planOffline } from '../../tools/crosshot/migrate/script.ts';
import type { Direction } from '../../tools/crosshot/migrate/steps.ts';

const revisions = await loadRevisions();

test.each([
  ['base', 0],
  ['head', 3],
  ['20260301_0200', 2],
  ['20260301_02', 2],
  ['+1', 2],
  ['-1', 0],
  ['+0', 1],
  ['head-1', 2],
  ['base+2', 2],
  ['20260301_0300-2', 1],
])('from 1, %s is version %i', (destination, version) => {
  expect(resolveDestination(destination, revisions, 1)).toBe(version);
});

test.each([
  ['', 'can\'t locate revision identified by ""'],
  ['20270101_0100', 'can\'t locate revision identified by "20270101_0100"'],
  ['head; DROP', 'can\'t locate revision identified by "head; DROP"'],
  ['2026', 'revision 2026 is ambiguous: 20260301_0100, 20260301_0200, 20260301_0300'],
  ['+3', 'relative revision +3 asks for 3 steps, but there are 2'],
  ['-2', 'relative revision -2 asks for 2 steps, but there are 1'],
])('from 1, "%s" is refused: %s', (destination, message) => {
  expect(() => resolveDestination(destination, revisions, 1)).toThrow(message);
});

const ids = (direction: Direction, current: number, destination: string) =>
  stepsFrom(current, { direction, destination, revisions }).map(({ from, to }) => `${from} -> ${to}`);

describe('as with Alembic,', () => {
  test('an upgrade to what lies behind has nothing to do', () => {
    expect(ids('upgrade', 2, '20260301_0100')).toEqual([]);
  });
  test('a downgrade to where the database is has nothing to do', () => {
    expect(ids('downgrade', 2, '20260301_0200')).toEqual([]);
  });
  test('a downgrade to what lies ahead is refused', () => {
    expect(() => ids('downgrade', 1, 'head')).toThrow('not a downgrade target');
  });
  test.each<[Direction, string]>([
    ['upgrade', '-1'],
    ['downgrade', '+1'],
  ])('%s %s is refused', (direction, destination) => {
    expect(() => ids(direction, 1, destination)).toThrow('go the other way');
  });
  test('a downgrade goes the same way back', () => {
    expect(ids('downgrade', 3, 'base')).toEqual([
      '20260301_0300 -> 20260301_0200',
      '20260301_0200 -> 20260301_0100',
      '20260301_0100 -> null',
    ]);
  });
});

describe('offline,', () => {
  test('an upgrade starts from base, or from what stands before the colon', () => {
    expect(planOffline({ direction: 'upgrade', destination: '+2', revisions })).toHaveLength(2);
    expect(planOffline({ direction: 'upgrade', destination: '20260301_0200:head', revisions })).toHaveLength(
      1,
    );
  });
  test('a downgrade must say where it starts', () => {
    expect(planOffline({ direction: 'downgrade', destination: 'head:base', revisions })).toHaveLength(3);
    expect(() => planOffline({ direction: 'downgrade', destination: 'base', revisions })).toThrow(
      '<from>:<to>',
    );
  });
});
