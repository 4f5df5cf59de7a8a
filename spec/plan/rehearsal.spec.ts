import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { makePlan, type Planned, procedures } from '../../tools/plan/plan.ts';
import { makeRehearsal, makeWholePlan } from '../../tools/plan/rehearsal.ts';
import { documentOf } from '../support/document.ts';
import { block, REPLICA } from '../support/plan.ts';

const document = documentOf(
  '# Shop',
  '## Checklist',
  '- [ ] It is up.',
  '',
  ...block('up').map((line) => `  ${line}`),
  '- [ ] Everybody knows.',
  '',
  '## Step 1: Greet',
  ...block('greet'),
  ...block('by-hand', 'excludeFromRunAll=true'),
  ...block('answer'),
  '## Step 2: Part',
  ...block('part'),
  ...block('part-2', 'interactive=true'),
  '## Care',
  ...block('tidy'),
  '### Daily',
  ...block('sweep'),
  ...block('look'),
);

const namesOf = (planned: Planned) =>
  'plan' in planned
    ? planned.plan.steps.map((step) => (step.kind === 'block' ? step.name : '?'))
    : planned.problems.map(({ line, message, remedy }) => `${line}: ${message}; ${remedy}`);

const rehearsalOf = (procedure: string | null) => namesOf(makeRehearsal(document, procedure, REPLICA));
const main = ['up', '?', 'greet', 'answer', 'part', 'part-2'];

describe('a rehearsal begins where a fresh replica is', () => {
  it.each([
    [null, main],
    ['main', main],
    ['checklist', ['up', '?']],
    ['step-1', ['up', '?', 'greet', 'answer']],
    ['step-2', main],
    ['part', ['up', '?', 'greet', 'answer', 'part']],
    ['by-hand', ['up', '?', 'greet', 'by-hand']],
    ['care', [...main, 'tidy', 'sweep', 'look']],
    ['care/daily', [...main, 'sweep', 'look']],
    ['look', [...main, 'sweep', 'look']],
  ])('%s', (procedure, steps) => {
    expect(rehearsalOf(procedure)).toEqual(steps);
  });

  it('also in a document without steps', () => {
    const small = documentOf('# Shop', ...block('first'), '## Care', ...block('tidy'), ...block('look'));
    expect(namesOf(makeRehearsal(small, 'look', REPLICA))).toEqual(['tidy', 'look']);
    expect(namesOf(makeRehearsal(small, 'care', REPLICA))).toEqual(['tidy', 'look']);
    expect(namesOf(makeRehearsal(small, 'first', REPLICA))).toEqual(['first']);
  });

  it('and is refused where the host cannot run what is needed', () => {
    const planned = makeRehearsal(document, 'care', { ...REPLICA, terminal: false });
    expect(namesOf(planned)).toEqual([
      expect.stringContaining('`part-2` is interactive and there is no terminal'),
    ]);
    expect(namesOf(makeRehearsal(document, 'part', { ...REPLICA, terminal: false }))).toContain('part');
    expect(rehearsalOf('nothing')).toEqual([expect.stringContaining('there is no procedure `nothing`')]);
  });
});

describe('what runs besides is told', () => {
  const needsOf = (procedure: string | null) => {
    const planned = makeRehearsal(document, procedure, REPLICA);
    return 'plan' in planned ? planned.plan.needs?.split('first: ')[1] : undefined;
  };

  it.each([
    ['step-2', 'main up to it (3 blocks)'],
    ['greet', 'main up to it (1 block)'],
    ['care', 'main (5 blocks)'],
    ['look', 'main, then care/daily up to it (6 blocks)'],
  ])('%s', (procedure, what) => {
    expect(needsOf(procedure)).toBe(what);
  });

  it.each([null, 'main', 'up', 'checklist'])('nothing of %s, which needs nothing', (procedure) => {
    expect(needsOf(procedure)).toBeUndefined();
  });
});

describe('the rehearsal of a block of runbook.md is the beginning of its procedure’s', () => {
  const runbook = parseDocument('runbook.md', readFileSync('runbook.md'), HOST_KINDS);
  // Probes are part of no procedure.
  const parts = runbook.blocks.filter(({ excludeFromRunAll }) => !excludeFromRunAll);
  const names = new Set([...procedures(runbook), ...parts.map(({ name }) => name)]);
  const whole = procedures(runbook).map((one) => namesOf(makeRehearsal(runbook, one, REPLICA)));

  it.each([...names])('%s', (name) => {
    const steps = namesOf(makeRehearsal(runbook, name, REPLICA));
    expect(whole.map((all) => all.slice(0, steps.length))).toContainEqual(steps);
  });
});

describe('all of it', () => {
  const allOf = (of: Document, ...order: string[]) => namesOf(makeWholePlan(of, order, REPLICA));

  it('is what the order says, each repetition under a name that no other block has', () => {
    expect(allOf(document, 'main', 'care', 'main')).toEqual([
      ...[...main, 'tidy', 'sweep', 'look'],
      ...['up-2', '?', 'greet-2', 'answer-2', 'part-3', 'part-2-2'],
    ]);
  });

  it('has each block in it, but for those that run only when they are named', () => {
    const remedy = 'add `care/daily` to replica.order in the front matter';
    expect(allOf(document, 'main')).toEqual([
      '34: no rehearsal runs `tidy`; add `care` to replica.order in the front matter',
      `39: no rehearsal runs \`sweep\`; ${remedy}`,
      `43: no rehearsal runs \`look\`; ${remedy}`,
    ]);
  });

  it('and names no procedure that there is not', () => {
    expect(allOf(document, 'main', 'care', 'caer')).toEqual([expect.stringContaining('no procedure `caer`')]);
  });
});

it('on a real host, only what was asked for runs', () => {
  expect(namesOf(makePlan(document, 'look', REPLICA))).toEqual(['look']);
});
