import { describe, expect, it } from 'vitest';
import type { Block } from '../../tools/document/document.ts';
import type { PlannedStep } from '../../tools/plan/plan.ts';
import { makeResumption, type Standing } from '../../tools/plan/resumption.ts';
import { documentOf } from '../support/document.ts';

/** A block of one line that says what it does. */
const fence = (name: string, code: string, attributes = '') => [
  `\`\`\`sh { name=${name} on=local ${attributes} }`,
  code,
  '```',
  '',
];

const planOf = (...fences: string[][]) => {
  const { blocks } = documentOf('# Shop', '', ...fences.flat());
  const steps = blocks.map((block): PlannedStep => ({ kind: 'block', block, name: block.name }));
  return { procedure: 'main', steps };
};

const blockOf = (lines: string[]) => documentOf('# Shop', '', ...lines).blocks[0] as Block;

/** How the block of these lines stood. */
const stood = (lines: string[], state: Standing['state'], more: Partial<Standing> = {}): Standing => {
  const { name, key, effect } = blockOf(lines);
  return { name, key, effect, state, started: state !== 'not-begun', removed: false, ...more };
};

/** `name: does` of each block that a plan resumes. */
const does = (plan: ReturnType<typeof planOf>, earlier: Standing[]) =>
  makeResumption(plan, earlier).blocks.map((one) => `${one.step.name}: ${one.does}`);

const READS = 'effect=reads';

describe('a block that does what it did', () => {
  it.each([
    ['writes', 'passed', '', 'carry'],
    ['writes', 'running', '', 'go-on'],
    ['writes', 'failed', '', 'ask'],
    ['writes', 'unknown', '', 'ask'],
    ['writes', 'not-begun', '', 'run'],
    ['destroys', 'failed', 'effect=destroys', 'ask'],
    ['reads', 'passed', READS, 'carry'],
    ['reads', 'running', READS, 'go-on'],
    ['reads', 'failed', READS, 'run'],
    ['reads', 'unknown', READS, 'run'],
  ] as const)('and %s, and %s, is: %s %s', (_, state, attributes, expected) => {
    const lines = fence('one', 'true', attributes);
    expect(does(planOf(lines), [stood(lines, state)])).toEqual([`one: ${expected}`]);
  });

  it('and was started in the background is asked of, as nothing is recorded of it there', () => {
    const lines = fence('one', 'true', 'background=true');
    expect(does(planOf(lines), [stood(lines, 'not-begun', { started: true })])).toEqual(['one: ask']);
    expect(does(planOf(lines), [stood(lines, 'not-begun')])).toEqual(['one: run']);
  });
});

describe('a block that does something else than it did', () => {
  it.each([
    ['passed', '', '', 'ask'],
    ['running', '', '', 'ask'],
    ['failed', '', '', 'ask'],
    ['not-begun', '', '', 'run'],
    ['passed', READS, READS, 'run'],
    ['failed', READS, READS, 'run'],
    ['passed', READS, '', 'run'],
    ['failed', '', READS, 'run'],
  ] as const)('and %s: %s, now %s', (state, before, now, expected) => {
    const earlier = [stood(fence('one', 'true', before), state)];
    const made = makeResumption(planOf(fence('one', 'false', now)), earlier);
    expect(made.blocks.map((one) => one.does)).toEqual([expected]);
    expect(made.changed).toEqual(['one']);
  });

  it('is not the one of its name, though that passed', () => {
    const earlier = [stood(fence('one', 'echo was'), 'passed')];
    expect(does(planOf(fence('one', 'echo is')), earlier)).toEqual(['one: ask']);
  });

  it('is any that an old journal tells nothing of', () => {
    const lines = fence('one', 'true');
    expect(does(planOf(lines), [stood(lines, 'passed', { key: null })])).toEqual(['one: ask']);
  });
});

describe('a plan that is not what it was', () => {
  const [one, two, three] = [fence('one', 'echo 1'), fence('two', 'echo 2'), fence('three', 'echo 3')];

  it('carries over what is only called otherwise, or stands elsewhere', () => {
    const earlier = [stood(one, 'passed'), stood(two, 'passed'), stood(three, 'failed')];
    const made = makeResumption(planOf(three, fence('first', 'echo 1'), two), earlier);
    expect(made.blocks.map((block) => block.does)).toEqual(['ask', 'carry', 'carry']);
    expect(made).toMatchObject({
      renamed: [{ from: 'one', to: 'first' }],
      changed: [],
      inserted: [],
      removed: [],
    });
  });

  it('runs what is new, and says what is gone', () => {
    const made = makeResumption(planOf(one, three), [stood(one, 'passed'), stood(two, 'passed')]);
    expect(made.blocks.map((block) => block.does)).toEqual(['carry', 'run']);
    expect(made).toMatchObject({ inserted: ['three'], removed: ['two'], renamed: [], changed: [] });
  });

  it('knows a block that it has again, and says of it only once that it was gone', () => {
    const earlier = [stood(one, 'passed'), stood(two, 'passed', { removed: true })];
    expect(does(planOf(one, two), earlier)).toEqual(['one: carry', 'two: carry']);
    expect(makeResumption(planOf(one), earlier).removed).toEqual([]);
  });

  it('takes one block that passed for one block only, though two do the same', () => {
    const made = makeResumption(planOf(one, fence('again', 'echo 1')), [stood(one, 'passed')]);
    expect(made.blocks.map((block) => block.does)).toEqual(['carry', 'run']);
  });

  it('knows each of two blocks that do the same by its name', () => {
    const again = fence('again', 'echo 1');
    const earlier = [stood(one, 'passed'), stood(again, 'failed')];
    expect(does(planOf(again, one), earlier)).toEqual(['again: ask', 'one: carry']);
  });
});
