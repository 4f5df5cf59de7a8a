import { expect, it } from 'vitest';
import { expectedOf, remainingMs } from '../../tools/plan/forecast.ts';
import { makePlan } from '../../tools/plan/plan.ts';
import { documentOf } from '../support/document.ts';
import { HERE } from '../support/perform.ts';

const block = (name: string, text: string) => [`\`\`\`sh { name=${name} }`, text, '```', ''];

it('what a block did is known by what it does, whatever it was called', () => {
  const page = ['# Shop', '## Step 1: All', '', ...block('copy', 'cp a b'), ...block('compare', 'cmp a b')];
  const planned = makePlan(documentOf(...page), null, HERE);
  const plan = 'plan' in planned ? planned.plan : { procedure: '', steps: [] };
  const [first = ''] = plan.steps.flatMap((step) => (step.kind === 'block' ? [step.block.key] : []));
  expect(
    expectedOf(
      plan,
      new Map([
        [first, 40],
        ['another', 50],
      ]),
    ),
  ).toEqual({ copy: 40 });
});

const expected = { a: 10_000, b: 20_000, c: 30_000 };

it('before anything has ended, what was expected is left', () => {
  expect(remainingMs(expected, new Map())).toBe(60_000);
  expect(remainingMs(expected, new Map(), { name: 'a', ms: 4000 })).toBe(56_000);
});

it('what has ended corrects it, faster or slower', () => {
  expect(remainingMs(expected, new Map([['a', 20_000]]))).toBe(100_000);
  expect(remainingMs(expected, new Map([['a', 5000]]))).toBe(25_000);
  expect(remainingMs(expected, new Map([['a', 20_000]]), { name: 'b', ms: 10_000 })).toBe(90_000);
});

it('one that takes longer than was expected takes nothing from the others', () => {
  expect(remainingMs(expected, new Map([['a', 10_000]]), { name: 'b', ms: 500_000 })).toBe(30_000);
});

it('a few milliseconds correct nothing, nor does a block of which nothing was known', () => {
  expect(remainingMs({ a: 10, b: 20_000 }, new Map([['a', 500]]))).toBe(20_000);
  expect(remainingMs({ b: 20_000 }, new Map([['new', 90_000]]))).toBe(20_000);
});

it('where nothing is left that is known, nothing is said', () => {
  expect(remainingMs({}, new Map())).toBeNull();
  expect(remainingMs({ a: 10_000 }, new Map([['a', 9000]]))).toBeNull();
});
