import { describe, expect, it } from 'vitest';
import { type HostFacts, makePlan, procedures } from '../../tools/plan/plan.ts';
import { documentOf } from '../support/document.ts';
import { block, REPLICA } from '../support/plan.ts';

const document = documentOf(
  '# Shop',
  '## Checklist',
  '- [ ] It is up.',
  '',
  ...block('up').map((line) => `  ${line}`),
  '- [ ] Everybody knows.',
  '- [ ] Somebody looked.',
  '',
  ...block('look', 'excludeFromRunAll=true').map((line) => `  ${line}`),
  '',
  '## Background',
  ...block('background'),
  '## Step 1: Greet',
  ...block('greet'),
  ...block('by-hand', 'excludeFromRunAll=true'),
  '### Afterwards',
  ...block('after'),
  '## Step 2: Part',
  ...block('part', 'on=api'),
  '## Going back',
  '### Option A: The short way',
  ...block('short'),
  '### Option B: The long way',
  '- [ ] There is time.',
  '',
  ...block('long', 'interactive=true on=nas'),
);

const facts: HostFacts = { ...REPLICA, services: ['api'] };

function stepsOf(procedure: string | null, more: Partial<HostFacts> = {}) {
  const planned = makePlan(document, procedure, { ...facts, ...more });
  if ('problems' in planned) return planned.problems.map(({ message, remedy }) => `${message}; ${remedy}`);
  return planned.plan.steps.map((step) => (step.kind === 'block' ? step.block.name : `? ${step.item.text}`));
}

describe('what is run', () => {
  it('mainly: the checklist before the first step, then the steps with all that stands in them', () => {
    expect(stepsOf(null)).toEqual([
      'up',
      '? Everybody knows.',
      '? Somebody looked.',
      'greet',
      'after',
      'part',
    ]);
    expect(stepsOf('main')).toEqual(stepsOf(null));
  });

  it('by a section’s path: it and the sections inside', () => {
    expect(stepsOf('going-back')).toEqual(['short', '? There is time.', 'long']);
    expect(stepsOf('going-back/option-a')).toEqual(['short']);
    expect(stepsOf('step-1')).toEqual(['greet', 'after']);
  });

  it('by a block’s name: that one, even where it is excluded from its procedure', () => {
    expect(stepsOf('by-hand')).toEqual(['by-hand']);
  });

  it('by a path, never by a part of a word of it', () => {
    expect(stepsOf('going')).toEqual([expect.stringContaining('there is no procedure `going`')]);
  });

  it('is listed, each procedure once', () => {
    expect(procedures(document)).toEqual([
      'main',
      'background',
      'going-back/option-a',
      'going-back/option-b',
    ]);
  });
});

describe('what stands against it is told all at once', () => {
  it('a procedure that there is not, with the nearest that there is', () => {
    expect(stepsOf('going-bak/option-a')).toEqual([
      'there is no procedure `going-bak/option-a`; did you mean `going-back/option-a`?',
    ]);
    expect(stepsOf('nothing of that kind')).toEqual([
      expect.stringMatching(/; there are main, background, /),
    ]);
  });

  it('a service that the host has not, and a person where there is no terminal', () => {
    expect(stepsOf('step-2', { services: ['web'] })).toEqual([
      'replica has no service `api`; `on` is one of local, nas, web',
    ]);
    expect(stepsOf('step-2', { services: null })).toEqual(['part']);
    expect(stepsOf('going-back', { terminal: false })).toEqual([
      '`long` is interactive and there is no terminal; run it from a terminal',
    ]);
  });
});

it('a document without blocks has nothing to run', () => {
  const planned = makePlan(documentOf(''), null, facts);
  expect(planned).toMatchObject({
    problems: [{ message: expect.stringContaining('nothing on this page runs') }],
  });
});

it('a document without steps has no main procedure', () => {
  const planned = makePlan(documentOf('# Shop', '', ...block('greet')), null, facts);
  expect(planned).toMatchObject({ problems: [{ message: 'there is no procedure `main`' }] });
});
