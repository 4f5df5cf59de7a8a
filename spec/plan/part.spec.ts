import { describe, expect, it } from 'vitest';
import { isPart, partOfPlan, type Wanted } from '../../tools/plan/part.ts';
import { makePlan } from '../../tools/plan/plan.ts';
import { documentOf } from '../support/document.ts';
import { block, REPLICA } from '../support/plan.ts';

const document = documentOf(
  '# Shop',
  '## Step 1: Greet',
  ...block('greet'),
  ...block('answer'),
  '- [ ] Everybody knows.',
  '',
  ...block('part'),
  ...block('look'),
);
const planned = makePlan(document, null, REPLICA);
if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
const { plan } = planned;

const partOf = (wanted: Wanted) => partOfPlan(plan, wanted);

describe('a part of a plan', () => {
  it.each<[Wanted, string[], string]>([
    [
      { from: 'answer' },
      ['answer', '?', 'part', 'look'],
      '3 of 4 blocks are rehearsed, answer to look: what comes before (1 block) is not run',
    ],
    [
      { until: 'part' },
      ['greet', 'answer', '?', 'part'],
      '3 of 4 blocks are rehearsed, greet to part: no other block is run',
    ],
    [
      { from: 'part', until: 'part' },
      ['part'],
      '1 of 4 blocks are rehearsed, part: what comes before (2 blocks) is not run',
    ],
    [
      { only: ['look', 'greet'] },
      ['greet', 'look'],
      '2 of 4 blocks are rehearsed, greet, look: no other block is run',
    ],
  ])('%j', (wanted, names, words) => {
    const part = partOf(wanted);
    if ('refusal' in part) throw new Error(part.refusal);
    expect(part.plan.steps.map((step) => (step.kind === 'block' ? step.name : '?'))).toEqual(names);
    expect(part.plan.needs).toBe(`of main, ${words}, and this vouches for no run`);
    expect(part.plan.part).toBe(true);
  });

  it.each<[Wanted, string]>([
    [{ from: 'gret' }, '--from gret: it is no block of main: did you mean `greet`?'],
    [{ until: 'nowhere' }, '--until nowhere: it is no block of main: there are greet, answer, part, look'],
    [{ only: ['greet', 'lok'] }, '--only lok: it is no block of main: did you mean `look`?'],
    [{ from: 'part', until: 'greet' }, '--until greet stands before --from part: exchange them'],
  ])('is refused where there is none: %j', (wanted, refusal) => {
    expect(partOf(wanted)).toEqual({ refusal });
  });

  it('is asked for by any of its words, and not without', () => {
    expect([{}, { only: [] }, { from: 'a' }, { until: 'a' }, { only: ['a'] }].map(isPart)).toEqual([
      ...[false, false, true, true, true],
    ]);
  });
});
