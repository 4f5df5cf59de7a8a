import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../support/requires.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { campaign } from './campaign.ts';
import { FAULTS } from './faults.ts';

/** `npm run campaign` is the whole of it: every fault, at every block, there and back again. */
const SOME = new Set(['the tool is killed', 'the link is cut']);

describeWith(['sshd'], 'a short campaign', () => {
  it('comes to the same end as an undisturbed night, and each block that writes runs once', async () => {
    const { struck, wrongs } = await campaign({
      seed: 7,
      strikes: 3,
      faults: FAULTS.filter(({ name }) => SOME.has(name)),
      procedures: ['main'],
      transcript: join(await temporaryDirectory(), 'transcript.txt'),
      say: () => undefined,
    });
    expect(wrongs).toEqual([]);
    expect(struck).toHaveLength(6);
  }, 600_000);
});
