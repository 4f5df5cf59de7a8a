import { describe, expect, it } from 'vitest';
import { judgedAgain, runsTheSame } from '../../tools/commands/judge-again.ts';
import type { BlockFinished } from '../../tools/journal/event.ts';
import { judge, outcomeNotRun } from '../../tools/outcome/judge.ts';
import type { ShellOutput } from '../../tools/outcome/output.ts';
import { blockSteps, makePlan } from '../../tools/plan/plan.ts';
import { documentOf } from '../support/document.ts';
import { at } from '../support/events.ts';
import { REPLICA } from '../support/plan.ts';

/** A page whose first block prints a line and ends, and whose second one comes after it. */
function planned(expected: string[], { code = 'echo 12 rows', next = 'true' } = {}) {
  const block = (name: string, script: string) => [
    '```sh { name=%n }'.replace('%n', name),
    script,
    '```',
    '',
  ];
  const document = documentOf(
    ...['# Shop', '## Step 1: All', ...block('count', code), ...expected, ''],
    ...block('next', next),
  );
  const made = makePlan(document, null, REPLICA);
  if ('problems' in made) throw new Error(JSON.stringify(made.problems));
  return { document, plan: made.plan };
}

const output = (exitCode: number): ShellOutput => ({
  ...{ kind: 'shell', exitCode, timedOut: false, interrupted: false, exports: {}, durationMs: 1 },
  stdout: { text: '12 rows\n', bytes: 8, truncated: false },
  stderr: { text: '', bytes: 0, truncated: false },
});

/** What a run of the page gave whose first block ended so; where that ended the run, the second one did not run. */
function eventsOf(expected: string[], exitCode = 0): BlockFinished[] {
  const [count, next] = blockSteps(planned(expected).plan.steps);
  if (!count || !next) throw new Error('a block is missing');
  const first = judge(count.block, output(exitCode), { examples: true });
  const ends = first.why !== null;
  const second = ends
    ? outcomeNotRun(next.block, 'an earlier block failed')
    : judge(next.block, output(0), { examples: true });
  const of = { type: 'block-finished', at, duration_ms: 1 } as const;
  return [
    { ...of, name: 'count', output: output(exitCode), outcome: first },
    { ...of, name: 'next', output: ends ? null : output(0), outcome: second },
  ];
}

const label = (what: string) => ['**Expected output:**', `- ${what}`];
const fence = (line: string) => ['**Expected output:**', '```text', line, '```'];
const statuses = (events: BlockFinished[], expected: string[], examples = true): string[] | null =>
  judgedAgain(events, planned(expected).plan, { examples })?.map(({ outcome }) => outcome.status) ?? null;

describe('what a run gave, judged again by what is expected now', () => {
  it('gives each block the verdict that a run would', () => {
    const events = eventsOf(label('prints "13"'));
    expect(statuses(events, label('prints "13"'))).toEqual(['failed', 'passed']);
    expect(statuses(events, label('prints "12"'))).toEqual(['passed', 'passed']);
  });

  it('tells of a status that no sentence foresees any more, and of blocks that were not run', () => {
    const foreseen = eventsOf(label('exits 3'), 3);
    expect(statuses(foreseen, label('prints "12"'))).toEqual(['failed', 'passed']);
    const ended = eventsOf(label('prints "13"'), 3);
    expect(statuses(ended, label('prints "12"'))).toEqual(['failed', 'not-run']);
  });

  it('is none where the block that ended the run would now let it go on', () => {
    expect(statuses(eventsOf(label('prints "12"'), 3), label('exits 3'))).toBe(null);
  });

  it('is none where the blocks after it would see other values', () => {
    const events = eventsOf(fence('<rows> rows'));
    expect(statuses(events, fence('<rows> <what>'))).toBe(null);
    expect(statuses(events, [...fence('<rows> rows'), ...label('prints "12"')])).toEqual([
      'passed',
      'passed',
    ]);
  });

  it('judges no example where the data are not the seeded ones', () => {
    const example = ['**Example output:** prints "13"'];
    const events = eventsOf(label('prints "12"'));
    expect(statuses(events, example)).toEqual(['failed', 'passed']);
    expect(statuses(events, example, false)).toEqual(['passed', 'passed']);
  });
});

it('two pages run the same where they differ in no more than what is expected', () => {
  const page = planned(label('prints "12"'));
  expect(runsTheSame(page, planned(fence('12 rows')))).toBe(true);
  expect(runsTheSame(page, planned(label('prints "12"'), { code: 'echo 13' }))).toBe(false);
  expect(runsTheSame(page, planned(label('prints "12"'), { next: 'false' }))).toBe(false);
});
