import { expect, test } from 'vitest';
import type { BlockFacts, Event } from '../../tools/journal/event.ts';
import { foldReport } from '../../tools/report/report.ts';
import { styleFor } from '../../tools/report/style.ts';
import { terminalReport } from '../../tools/report/terminal.ts';
import { blockNamed, runbook } from '../support/blocks.ts';
import { runStarted } from '../support/events.ts';

/** The blocks whose time grows with the data, and those that move the schema. */
const ESTIMATED = ['back-up', 'migrate', 'backfill', 'downgrade', 'restore'];

test('the runbook estimates the blocks that take time, each with a least and a most', () => {
  const estimated = runbook.blocks.filter(({ budgetMs }) => budgetMs !== null);
  expect(estimated.map(({ name }) => name)).toEqual(ESTIMATED);
  for (const { name, budgetMs, timeoutMs } of estimated) {
    const [least, most] = budgetMs ?? [0, 0];
    expect(least, name).toBeGreaterThan(0);
    expect(most, name).toBeGreaterThan(least);
    // A block that is within its estimate is not ended.
    expect(timeoutMs, name).toBeGreaterThan(most);
  }
});

for (const name of ESTIMATED) {
  test(`a report compares ${name} with its estimate, and says when it was over`, () => {
    const [, most] = blockNamed(name).budgetMs ?? [0, 0];
    expect(reported(name, most)).not.toContain('over its estimate');
    expect(reported(name, most + 1)).toContain('over its estimate');
    const [block] = foldReport(eventsOf(name, most + 1000)).blocks;
    expect(block).toMatchObject({ budget_ms: blockNamed(name).budgetMs, duration_ms: most + 1000 });
  });
}

/** What a terminal shows of a run in which this block took so long. */
function reported(name: string, durationMs: number): string {
  let shown = '';
  const write = (text: string) => {
    shown += text;
  };
  const report = terminalReport({ write, columns: null, style: styleFor({}, {}) });
  for (const event of eventsOf(name, durationMs)) report.show(event);
  return shown;
}

function eventsOf(name: string, durationMs: number): Event[] {
  const at = '2026-03-01T02:00:00.000Z';
  return [
    runStarted({
      target: { name: 'the replica', kind: 'embedded', server_version: '14.23' },
      procedure: name,
      blocks: [factsOf(name)],
    }),
    { type: 'block-started', at, name, attempt: 1 },
    {
      type: 'block-finished',
      at,
      name,
      outcome: { status: 'passed', why: null, expectations: [], captured: {} },
      output: null,
      duration_ms: durationMs,
    },
    { type: 'run-finished', at, status: 'passed', why: null },
  ];
}

function factsOf(name: string): BlockFacts {
  const { section, line, language, on, effect, key, done, text, budgetMs } = blockNamed(name);
  const { path, heading } = section;
  return {
    name,
    section: path,
    heading,
    line,
    language,
    on,
    effect,
    key,
    done,
    text,
    budget_ms: budgetMs,
    expectations: [],
  };
}
