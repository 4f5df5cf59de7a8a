import { expect, it } from 'vitest';
import { withRemedy } from '../../tools/compose/disk-full.ts';

it.each([
  'ENOSPC: no space left on device, write',
  'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes\nHINT:  Check free disk space.',
  'Failed opening the temp RDB file: No space left on device',
])('says what to do about %j', (message) => {
  expect(withRemedy(message)).toContain('The disk is full: free some space');
});

it('leaves other messages alone', () => {
  expect(withRemedy('EACCES: permission denied')).toBe('EACCES: permission denied');
});
