import { describe, expect, it } from 'vitest';
import { type EarlierBlock, foldEarlier } from '../../tools/journal/earlier.ts';
import type { BlockFacts, Event, RunStarted } from '../../tools/journal/event.ts';
import type { Begun, PreparedFact } from '../../tools/outcome/fact.ts';
import type { Output } from '../../tools/outcome/output.ts';
import { runStarted } from '../support/events.ts';

const at = '2026-03-01T02:00:00.000Z';
const later = '2026-03-01T03:00:00.000Z';

const facts = (name: string, more: Partial<BlockFacts> = {}): BlockFacts => ({
  name,
  section: 'step-1',
  heading: 'Step 1: All',
  line: 9,
  language: 'sh',
  on: 'nas',
  effect: 'writes',
  key: `key of ${name}`,
  done: null,
  text: 'true\n',
  budget_ms: null,
  expectations: [],
  ...more,
});

const started = (blocks: BlockFacts[], more: Partial<RunStarted> = {}): RunStarted =>
  runStarted({ id: 'r1', target: { name: 'nas', kind: 'host', server_version: null }, blocks, ...more });

const start = (name: string, goes_on?: Begun): Event => ({
  ...{ type: 'block-started', at, name, attempt: 1 },
  ...(goes_on ? { goes_on } : {}),
});

const begun = (name: string): Event => ({
  ...{ type: 'block-begun', at, name, attempt: 1 },
  ...{ unit: `r1/${name}.1`, boot: 'b' },
});

const prepared = (name: string, index: number, xid: string | null = '7'): Event & PreparedFact => ({
  ...{ type: 'statement-prepared', at, name, attempt: 1 },
  ...{ index, xid, results: [] },
});

const shell = (exports: Record<string, string> = {}): Output => ({
  ...{ kind: 'shell', exitCode: 0, timedOut: false, interrupted: false, exports, durationMs: 1 },
  stdout: { text: '', bytes: 0, truncated: false },
  stderr: { text: '', bytes: 0, truncated: false },
});

const refused: Output = {
  ...{ kind: 'sql', results: [], timedOut: false, interrupted: false, durationMs: 1 },
  refusal: { sqlstate: '23505', message: 'duplicate key', hint: null, position: null },
};

type Status = 'passed' | 'failed' | 'unknown' | 'not-run';

const end = (
  name: string,
  status: Status,
  output: Output | null = shell(),
  why: string | null = status === 'passed' ? null : `it is ${status}`,
): Event => ({
  ...{ type: 'block-finished', at: later, name, output, duration_ms: 1 },
  outcome: {
    status,
    why: why === null ? null : { message: why, line: 9, column: 1 },
    expectations: [],
    captured: {},
  },
});

const unanswered = (name: string): Event => ({ ...end(name, 'unknown', null), unanswered: true }) as Event;

const finish = (status: 'passed' | 'failed'): Event => ({ type: 'run-finished', at, status, why: null });

/** How the only block stands after a run of these events. */
const standingAfter = (one: BlockFacts, ...events: Event[]): EarlierBlock =>
  foldEarlier([started([one]), ...events], null).blocks[0] as EarlierBlock;

describe('a block', () => {
  const sql = facts('one', { language: 'sql' });

  it.each<[string, BlockFacts, Event[], EarlierBlock['state']]>([
    ['that nothing is said of has not begun', facts('one'), [], 'not-begun'],
    ['that was started and never answered has not begun', facts('one'), [start('one')], 'not-begun'],
    ['that answered and has no end runs', facts('one'), [start('one'), begun('one')], 'running'],
    ['of statements may have begun as soon as it was started', sql, [start('one')], 'running'],
    ['that passed has', facts('one'), [start('one'), begun('one'), end('one', 'passed')], 'passed'],
    ['that failed has', facts('one'), [start('one'), begun('one'), end('one', 'failed')], 'failed'],
    [
      'that is unknown is',
      facts('one'),
      [start('one'), begun('one'), end('one', 'unknown', null)],
      'unknown',
    ],
    [
      'that is unknown as its host did not answer may run on',
      facts('one'),
      [start('one'), begun('one'), unanswered('one')],
      'running',
    ],
    [
      'that could not be tried has not begun',
      facts('one'),
      [start('one'), end('one', 'not-run', null)],
      'not-begun',
    ],
    [
      'that had begun when its host was lost runs on',
      facts('one'),
      [start('one'), begun('one'), end('one', 'not-run', null)],
      'running',
    ],
    [
      'whose failure was the engine’s has run',
      facts('one'),
      [start('one'), begun('one'), end('one', 'not-run')],
      'failed',
    ],
    ['that was left out has not begun', facts('one'), [end('one', 'not-run', null)], 'not-begun'],
  ])('%s', (_, one, events, state) => {
    expect(standingAfter(one, ...events).state).toBe(state);
  });

  it('that runs is gone on with from its last beginning, with all that is recorded of it', () => {
    const fact = prepared('one', 0);
    const { begun: last } = standingAfter(sql, start('one'), prepared('one', 3), start('one'), fact);
    expect(last).toEqual({ run: 'r1', name: 'one', attempt: 1, at, answered: null, prepared: [fact] });
  });

  it('of statements that ended at one of them is gone on with there; by its expectations, nowhere', () => {
    const fact = prepared('one', 0);
    expect(standingAfter(sql, start('one'), fact, end('one', 'failed', refused)).begun?.prepared).toEqual([
      fact,
    ]);
    expect(standingAfter(sql, start('one'), fact, end('one', 'failed', refused, null)).begun).toBeNull();
    expect(standingAfter(facts('one'), start('one'), begun('one'), end('one', 'failed')).begun).toBeNull();
  });

  it('says why it did not pass', () => {
    expect(standingAfter(facts('one'), start('one'), begun('one'), end('one', 'failed'))).toMatchObject({
      why: 'it is failed',
      from: { run: 'r1', at: later },
    });
  });
});

describe('a run that went on from another', () => {
  const resumed = (blocks: BlockFacts[], first: Event[], then: Event[], blocksThen = blocks) => {
    const older = foldEarlier([started(blocks), ...first], null);
    return foldEarlier([started(blocksThen, { id: 'r2', resumes: 'r1' }), ...then], older);
  };
  const state = ({ blocks }: ReturnType<typeof resumed>) =>
    blocks.map((one) => `${one.name}: ${one.state} in ${one.from.run}`);
  const [one, two] = [facts('one'), facts('two')];

  it('leaves what it did not come to as it was', () => {
    const first = [start('one'), begun('one'), end('one', 'passed'), start('two'), begun('two')];
    const left = resumed([one, two], first, [end('two', 'not-run', null)]);
    expect(state(left)).toEqual(['one: passed in r1', 'two: running in r1']);
    expect(left.blocks[1]?.begun?.answered).toMatchObject({ unit: 'r1/two.1' });
  });

  it('leaves a block as it was whose probe could not tell whether it is done', () => {
    const sql = facts('one', { language: 'sql' });
    const fact = prepared('one', 0);
    const left = resumed(
      [sql],
      [start('one'), fact, end('one', 'failed', refused)],
      [end('one', 'unknown', null)],
    );
    expect(left.blocks).toMatchObject([{ state: 'failed', begun: { prepared: [fact] } }]);
  });

  it('holds alone what it goes on with', () => {
    const older = standingAfter(one, start('one'), begun('one'));
    const events = [started([one], { id: 'r2', resumes: 'r1' }), start('one', older.begun as Begun)];
    expect(foldEarlier(events, null).blocks).toMatchObject([
      { state: 'running', from: { run: 'r1' }, begun: { run: 'r1', answered: { unit: 'r1/one.1' } } },
    ]);
  });

  it('knows what a block did when it was begun, though it is called otherwise and does something else', () => {
    const first = [start('one'), begun('one'), end('one', 'failed')];
    const left = resumed([one], first, [], [facts('one', { key: 'another' })]);
    expect(left.blocks).toMatchObject([{ name: 'one', key: 'key of one', state: 'failed' }]);
    const renamed = resumed([one], first, [], [facts('uno', { key: 'key of one' })]);
    expect(renamed.blocks).toMatchObject([{ name: 'uno', key: 'key of one', state: 'failed' }]);
  });

  it('remembers a block that it did not have any more', () => {
    const left = resumed([one, two], [start('two'), begun('two'), end('two', 'passed')], [], [one]);
    expect(left.blocks).toMatchObject([{ name: 'one' }, { name: 'two', state: 'passed', removed: true }]);
  });

  it('counts what it carried over by the run that ran it', () => {
    const carried: Event = {
      ...{ type: 'block-carried', at: later, name: 'one', from: { run: 'r0', at }, because: 'passed' },
      ...{ output: shell({ BACKUP: 'x' }), duration_ms: 1 },
      outcome: { status: 'passed', why: null, expectations: [], captured: {} },
    };
    const left = resumed([one], [], [carried]);
    expect(state(left)).toEqual(['one: passed in r0']);
    expect(left.variables).toEqual({ BACKUP: { value: 'x', run: 'r0', block: 'one', at } });
  });

  it('takes no probe for a block', () => {
    const probe = facts('look-probe', { probe_of: 'one', effect: 'reads' });
    const left = resumed(
      [one],
      [start('one'), begun('one'), end('one', 'failed')],
      [end('look-probe', 'failed')],
      [one, probe],
    );
    expect(state(left)).toEqual(['one: failed in r1']);
  });
});

describe('variables', () => {
  const blocks = [
    facts('back-up'),
    facts('prove'),
    facts('inside', { section: 'step-1/more' }),
    facts('next', { section: 'step-2' }),
  ];
  const passes = (name: string, exports: Record<string, string> = {}) => [
    start(name),
    end(name, 'passed', shell(exports)),
  ];

  it('of a step count for later runs once all of the step passed, also what stands inside it', () => {
    const events = [...passes('back-up', { BACKUP: 'x' }), ...passes('prove'), ...passes('inside')];
    const { left } = foldEarlier([started(blocks), ...events], null);
    expect(left).toEqual({ BACKUP: { value: 'x', run: 'r1', block: 'back-up', at: later } });
  });

  it('of a step that failed count for whoever goes on from it alone', () => {
    const events = [
      ...passes('back-up', { BACKUP: 'x' }),
      ...passes('prove'),
      start('inside'),
      end('inside', 'failed'),
    ];
    const { left, variables } = foldEarlier([started(blocks), ...events, finish('failed')], null);
    expect(left).toEqual({});
    expect(variables).toMatchObject({ BACKUP: { value: 'x' } });
  });

  it('of a block that failed count for nobody', () => {
    const events = [start('next'), end('next', 'failed', shell({ BACKUP: 'x' }))];
    expect(foldEarlier([started(blocks), ...events], null)).toMatchObject({ left: {}, variables: {} });
  });
});

it('a run that only read has written nothing', () => {
  const reads = facts('one', { effect: 'reads' });
  expect(foldEarlier([started([reads]), start('one')], null).wrote).toBe(false);
  expect(foldEarlier([started([facts('one')]), start('one')], null).wrote).toBe(true);
});

it('secrets of an environment are those of the tool that had them last', () => {
  const older = foldEarlier([started([], { environment_secrets: ['A_TOKEN', 'B_TOKEN'] })], null);
  const next = foldEarlier([started([], { id: 'r2', environment_secrets: ['B_TOKEN'] })], older);
  expect(next.environmentSecrets).toEqual({ A_TOKEN: 'r1', B_TOKEN: 'r2' });
  expect(foldEarlier([started([], { id: 'r3' })], next).environmentSecrets).toEqual(next.environmentSecrets);
});
