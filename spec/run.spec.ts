import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Document } from '../tools/document/document.ts';
import type { Executor } from '../tools/host/executor.ts';
import type { BlockFinished, Event } from '../tools/journal/event.ts';
import type { Begun } from '../tools/outcome/fact.ts';
import { CannotRun, UnknownEnd } from '../tools/outcome/output.ts';
import type { Gate } from '../tools/plan/gate.ts';
import { makePlan, type Plan } from '../tools/plan/plan.ts';
import { type Probe, type RunOptions, run } from '../tools/run.ts';
import { documentOf } from './support/document.ts';
import { localExecutor } from './support/executor.ts';
import { newRunId } from './support/run-id.ts';
import { temporaryDirectory } from './support/tmp.ts';

/** A step with one block and what is expected of it. */
const step = (n: number, name: string, script: string, ...expected: string[]) => [
  `## Step ${n}: ${name}`,
  '```sh { name=%n on=local }'.replace('%n', name),
  script,
  '```',
  '',
  ...(expected.length > 0 ? ['**Expected output:**', ...expected.map((one) => `- ${one}`), ''] : []),
];

function planOf(document: Document): Plan {
  const planned = makePlan(document, null, {
    name: 'here',
    kind: 'embedded',
    hostNames: ['nas'],
    services: null,
    terminal: false,
  });
  if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
  return planned.plan;
}

interface Ran {
  events: Event[];
  /** `name: status` of each block, and the run's own status last. */
  statuses: string[];
}

async function runs(lines: string[], executor: Executor, more: Partial<RunOptions> = {}): Promise<Ran> {
  const options = {
    run: newRunId(),
    signal: new AbortController().signal,
    ask: async () => 'assumed' as const,
    ...more,
  };
  const events: Event[] = [];
  for await (const event of run(planOf(documentOf('# Shop', ...lines)), executor, options))
    events.push(event);
  const statuses = events.flatMap((event) =>
    event.type === 'block-finished'
      ? [`${event.name}: ${event.outcome.status}`]
      : event.type === 'run-finished'
        ? [event.status]
        : [],
  );
  return { events, statuses };
}

const finished = (events: Event[], name: string) =>
  events.find((event): event is BlockFinished => event.type === 'block-finished' && event.name === name);

describe('a run', () => {
  it('passes where every block does, and says what each printed', async () => {
    const executor = await localExecutor('/');
    const { events, statuses } = await runs(
      [...step(1, 'one', 'echo hello', 'prints "hello"'), ...step(2, 'two', 'true')],
      executor,
    );
    expect(statuses).toEqual(['one: passed', 'two: passed', 'passed']);
    expect(events.map(({ type }) => type)).toEqual([
      'block-started',
      'block-begun',
      'block-printed',
      'block-finished',
      'block-started',
      'block-begun',
      'block-finished',
      'run-finished',
    ]);
    expect(finished(events, 'one')?.output).toMatchObject({ stdout: { text: 'hello\n' } });
  });

  it('goes no further than the first failure, and says of the rest that it was not run', async () => {
    const directory = await temporaryDirectory();
    const { events, statuses } = await runs(
      [...step(1, 'one', 'echo hello', 'prints "bye"'), ...step(2, 'two', 'touch ran', 'exits 0')],
      await localExecutor(directory),
    );
    expect(statuses).toEqual(['one: failed', 'two: not-run', 'failed']);
    expect(finished(events, 'two')?.outcome).toMatchObject({
      why: { message: 'an earlier block failed' },
      expectations: [{ text: 'exits 0', status: 'not-run' }],
    });
    await expect(readFile(join(directory, 'ran'))).rejects.toThrow('ENOENT');
  });

  it('is aborted where a block could not be run: that is not a failure', async () => {
    const executor = await localExecutor('/');
    const broken: Executor = {
      ...executor,
      run: async () => {
        throw new CannotRun('the host is unreachable');
      },
    };
    const { events, statuses } = await runs([...step(1, 'one', 'true'), ...step(2, 'two', 'true')], broken);
    expect(statuses).toEqual(['one: not-run', 'two: not-run', 'aborted']);
    expect(events.at(-1)).toMatchObject({ why: 'one: the host is unreachable' });
    expect(finished(events, 'two')?.outcome.why?.message).toBe('the run was aborted');
  });

  it('lets an error that nobody foresaw through', async () => {
    const broken = { ...(await localExecutor('/')), run: () => Promise.reject(new TypeError('a bug')) };
    await expect(runs(step(1, 'one', 'true'), broken)).rejects.toThrow('a bug');
  });

  it('leaves out what a resumed run has behind it, and knows its variables', async () => {
    const { statuses } = await runs(
      [...step(1, 'one', 'exit 1'), ...step(2, 'two', 'echo "$BACKUP"', 'prints "backups/x.dump"')],
      await localExecutor('/'),
      { done: new Set(['one']), variables: { BACKUP: 'backups/x.dump' } },
    );
    expect(statuses).toEqual(['two: passed', 'passed']);
  });
});

describe('variables', () => {
  it('that a block exports or captures are seen by every later block, and by no other run’s', async () => {
    const executor = await localExecutor('/');
    const lines = [
      ...step(1, 'one', `export WHAT='two  words'; HIDDEN=1; echo "n=12"`),
      '**Expected output:**',
      '```text',
      'n=<count>',
      '```',
      ...step(2, 'two', 'export WHAT="$WHAT, $count"'),
      ...step(3, 'three', 'echo "$WHAT${HIDDEN-}"', 'prints "two  words, 12"'),
    ];
    expect((await runs(lines, executor)).statuses.at(-1)).toBe('passed');
    expect(
      (await runs(step(1, 'one', 'echo "${WHAT-none}"', 'prints "none"'), executor)).statuses.at(-1),
    ).toBe('passed');
  });

  it('of a block that failed are known, too: the report shows them', async () => {
    const { events } = await runs(step(1, 'one', 'export WHAT=1; false'), await localExecutor('/'));
    expect(finished(events, 'one')?.output).toMatchObject({ exports: { WHAT: '1' } });
  });
});

describe('the checks before the first block that writes', () => {
  const check = (name: string, script: string) => [
    `\`\`\`sh { name=${name} on=local effect=reads }`,
    script,
    '```',
    '',
  ];
  const lines = [
    '## Step 1: Look',
    ...['one', 'two', 'three'].flatMap((name) => check(name, name === 'two' ? 'true' : 'exit 4')),
    ...step(2, 'write', 'true'),
    '## Step 3: Look again',
    ...check('after', 'true'),
  ];

  it('are all run, and then nothing more', async () => {
    const { statuses } = await runs(lines, await localExecutor('/'));
    expect(statuses).toEqual([
      ...['one: failed', 'two: passed', 'three: failed', 'write: not-run', 'after: not-run'],
      'failed',
    ]);
  });

  it('are not gone on with after an interruption', async () => {
    const controller = new AbortController();
    const target = await localExecutor('/');
    const interrupting: Executor = {
      ...target,
      async run(request) {
        controller.abort();
        return target.run(request);
      },
    };
    const { statuses } = await runs(lines, interrupting, { signal: controller.signal });
    expect(statuses.slice(1, 3)).toEqual(['two: not-run', 'three: not-run']);
  });
});

describe('a block with retry', () => {
  const retried = (retry: string, script: string) => [
    '## Step 1: Wait',
    '```sh { name=wait on=local retry=%r }'.replace('%r', retry),
    script,
    '```',
    '',
    '**Expected output:** prints "ready"',
  ];

  it('is run again until its expectations are true', async () => {
    const directory = await temporaryDirectory();
    const script = 'echo x >>tries; [ "$(wc -l <tries)" -ge 3 ] && echo ready || echo "not yet"';
    const { events, statuses } = await runs(retried('1m', script), await localExecutor(directory));
    expect(statuses).toEqual(['wait: passed', 'passed']);
    expect(events.flatMap((event) => (event.type === 'block-started' ? [event.attempt] : []))).toEqual([
      1, 2, 3,
    ]);
    expect(await readFile(join(directory, 'tries'), 'utf8')).toBe('x\nx\nx\n');
  });

  it('has failed when its time is over', async () => {
    const { statuses } = await runs(retried('1ms', 'sleep 0.01'), await localExecutor('/'));
    expect(statuses).toEqual(['wait: failed', 'failed']);
  });

  it('is not run once more after an interruption', async () => {
    const executor = await localExecutor('/');
    const controller = new AbortController();
    const counting: Executor = {
      ...executor,
      async run(request) {
        const output = await executor.run(request);
        setImmediate(() => controller.abort());
        return output;
      },
    };
    const { events, statuses } = await runs(retried('1m', 'true'), counting, { signal: controller.signal });
    expect(statuses).toEqual(['wait: failed', 'aborted']);
    expect(events.filter(({ type }) => type === 'block-started')).toHaveLength(1);
  });
});

describe('a block that is gone on with', () => {
  const begun: Begun = {
    ...{ run: 'r1', name: 'one', attempt: 1, at: '2026-03-01T02:00:00.000Z', prepared: [] },
    answered: { type: 'block-begun', unit: 'r1/one.1', boot: null },
  };

  it('is given to the executor as it was begun, once, and its start says so', async () => {
    const executor = await localExecutor('/');
    const given: (Begun | null)[] = [];
    const noting: Executor = {
      ...executor,
      run(request) {
        given.push(request.begun);
        const variables = { SAYS: request.beginning.attempt === 1 ? 'once' : 'twice' };
        return executor.run({ ...request, begun: null, variables });
      },
    };
    const lines = step(1, 'one', 'echo "$SAYS"', 'prints "twice"').map((line) =>
      line.replace('on=local', 'on=local retry=1m'),
    );
    const { events } = await runs(lines, noting, { begun: new Map([['one', begun]]) });
    const starts = events.filter((event) => event.type === 'block-started');
    expect(given).toEqual([begun, null]);
    expect(starts.map(({ goes_on }) => goes_on ?? null)).toEqual([begun, null]);
  });

  it('and is tried again is kept where it ran until its next beginning is recorded', async () => {
    const executor = await localExecutor('/');
    const order: string[] = [];
    const noting: Executor = {
      ...executor,
      async run(request) {
        const { attempt } = request.beginning;
        const variables = { ENDS: attempt === 1 ? 'false' : 'true' };
        const { output } = await executor.run({ ...request, variables });
        return { output, forget: async () => void order.push(`forget ${attempt}`) };
      },
    };
    const plan = planOf(
      documentOf('# Shop', '## Step 1: Go', '```sh { name=one on=local retry=1m }', '"$ENDS"', '```'),
    );
    const options = {
      run: newRunId(),
      signal: new AbortController().signal,
      ask: async () => 'yes' as const,
    };
    for await (const event of run(plan, noting, options))
      if (event.type === 'block-started') order.push(`start ${event.attempt}`);
    expect(order).toEqual(['start 1', 'start 2', 'forget 1', 'forget 2']);
  });
});

it('the far side forgets a block while the next one runs, and all of them before the run ends', async () => {
  const executor = await localExecutor('/');
  const order: string[] = [];
  let begun: () => void = () => undefined;
  const nextBegan = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow: Executor = {
    ...executor,
    async run(request) {
      const { name } = request.beginning;
      if (name === 'two') begun();
      const { output } = await executor.run(request);
      return {
        output,
        async forget() {
          await nextBegan;
          await new Promise(setImmediate);
          order.push(`forgotten ${name}`);
        },
      };
    },
  };
  const plan = planOf(documentOf('# Shop', ...step(1, 'one', 'true'), ...step(2, 'two', 'true')));
  const options = { run: newRunId(), signal: new AbortController().signal, ask: async () => 'yes' as const };
  for await (const event of run(plan, slow, options)) if (event.type === 'run-finished') order.push('ended');
  expect(order).toEqual(['forgotten one', 'forgotten two', 'ended']);
});

describe('a block with a probe, of a resumed run', () => {
  const lines = (code: string) => [
    ...step(1, 'one', 'touch ran', 'exits 0'),
    ...step(2, 'two', 'echo "${VERSION-none}"', 'exits 0'),
    ...['## Look', '', '```sh { name=look on=local effect=reads }', code, '```', ''],
  ];
  const at = '2026-03-01T02:00:00.000Z';

  async function probed(code: string, more: Partial<RunOptions> = {}, broken: Partial<Executor> = {}) {
    const directory = await temporaryDirectory();
    const executor = { ...(await localExecutor(directory)), ...broken };
    const look = documentOf('# Shop', ...lines(code)).blocks.find(({ name }) => name === 'look');
    if (!look) throw new Error('there is no probe');
    const probe: Probe = {
      step: { kind: 'block', block: look, name: 'look-probe' },
      carried: {
        ...{ type: 'block-carried', name: 'one', from: { run: 'r1', at }, because: 'probe', duration_ms: 1 },
        outcome: { status: 'passed', why: null, expectations: [], captured: { VERSION: '2', PIN: '***' } },
        output: null,
      },
    };
    const ran = await runs(lines(code), executor, { probes: new Map([['one', probe]]), ...more });
    return { ...ran, hasRun: existsSync(join(directory, 'ran')) };
  }

  it('is not run where that says that it is done, and what it left is known', async () => {
    const { events, statuses, hasRun } = await probed('true');
    expect(statuses).toEqual(['look-probe: passed', 'two: passed', 'passed']);
    expect(events.find(({ type }) => type === 'block-carried')).toMatchObject({ because: 'probe' });
    expect(finished(events, 'two')?.output).toMatchObject({ stdout: { text: '2\n' } });
    expect(hasRun).toBe(false);
  });

  it('is run where that says that it is not, which is no failure of the run', async () => {
    const { statuses, hasRun } = await probed('export VERSION=1; false');
    expect(statuses).toEqual(['look-probe: failed', 'one: passed', 'two: passed', 'passed']);
    expect(hasRun).toBe(true);
  });

  it('leaves what it exports to no other block', async () => {
    const { events } = await probed('export VERSION=1; false');
    expect(finished(events, 'two')?.output).toMatchObject({ stdout: { text: 'none\n' } });
  });

  it.each([
    ['cannot run', new CannotRun('the host is unreachable'), 'not-run'],
    ['ends nobody knows how', new UnknownEnd('the host went down'), 'unknown'],
  ])('is unknown where that %s, and so is the run', async (_, error, status) => {
    const { events, statuses, hasRun } = await probed('true', {}, { run: () => Promise.reject(error) });
    expect(statuses).toEqual([`look-probe: ${status}`, 'one: unknown', 'two: not-run', 'unknown']);
    expect(events.at(-1)).toMatchObject({
      why: 'one: whether it is done is unknown, as look-probe could not say it',
    });
    expect(hasRun).toBe(false);
  });

  it('is not run where the run is interrupted meanwhile', async () => {
    const controller = new AbortController();
    const executor = await localExecutor('/');
    const broken: Partial<Executor> = {
      async run(request) {
        const ended = await executor.run(request);
        controller.abort();
        return ended;
      },
    };
    const { statuses, hasRun } = await probed('false', { signal: controller.signal }, broken);
    expect(statuses).toEqual(['look-probe: failed', 'one: not-run', 'two: not-run', 'aborted']);
    expect(hasRun).toBe(false);
  });
});

describe('the gate of a block that destroys', () => {
  const lines = [
    ...step(1, 'back-up', 'export BACKUP=backups/new.dump'),
    ...step(2, 'restore', 'touch "$PWD/ran"; : "$BACKUP" "$SINCE"').map((line) =>
      line.replace('on=local', 'on=local effect=destroys'),
    ),
  ];
  const old = {
    value: 'noon',
    run: 'r0',
    block: 'stop',
    at: new Date(Date.now() - 14 * 60_000).toISOString(),
  };

  async function gated(openGate?: RunOptions['openGate']) {
    const directory = await temporaryDirectory();
    const ran = await runs(lines, await localExecutor(directory), {
      ...(openGate ? { openGate } : {}),
      ...{ variables: { SINCE: 'noon' }, left: { SINCE: old }, where: 'nas, database shop' },
    });
    return { ...ran, hasRun: existsSync(join(directory, 'ran')) };
  }

  it('is opened before it, and shows what it uses: from this run and from earlier ones', async () => {
    const gates: Gate[] = [];
    const { events, statuses, hasRun } = await gated(async (gate) => {
      gates.push(gate);
      return 'yes';
    });
    expect(statuses).toEqual(['back-up: passed', 'restore: passed', 'passed']);
    expect(gates).toHaveLength(1);
    expect(gates[0]?.text).toMatch(
      /^restore destroys, on nas, database shop; it uses BACKUP=backups\/new.dump \(left by back-up in this run, \d seconds? ago\), SINCE=noon \(left by stop in run r0, 14 minutes ago\)$/,
    );
    const kinds = events.map((event) => ('name' in event ? `${event.type} ${event.name}` : event.type));
    expect(kinds.slice(kinds.indexOf('question-answered'))).toEqual([
      ...['question-answered', 'block-started restore', 'block-begun restore'],
      ...['block-finished restore', 'run-finished'],
    ]);
    expect(events.find(({ type }) => type === 'question-answered')).toMatchObject({
      ...{ gate: 'restore', answer: 'yes', text: gates[0]?.text },
    });
    expect(hasRun).toBe(true);
  });

  it.each([
    ['no', 'restore was not allowed'],
    ['none', /^nobody was there to answer: restore destroys/],
  ] as const)('that is not opened (%s) ends the run before it, which is no failure', async (answer, why) => {
    const { events, statuses, hasRun } = await gated(async () => answer);
    expect(statuses).toEqual(['back-up: passed', 'restore: not-run', 'aborted']);
    expect(events.at(-1)).toMatchObject({ why: expect.stringMatching(why) });
    expect(hasRun).toBe(false);
  });

  it('is assumed to be open where nobody is to be asked, as in a rehearsal', async () => {
    const { events, hasRun } = await gated();
    expect(events.find(({ type }) => type === 'question-answered')).toMatchObject({ answer: 'assumed' });
    expect(hasRun).toBe(true);
  });
});

describe('a block in the background', () => {
  const lines = (script: string, expected: string) => [
    ...step(1, 'watch', script, expected).map((line) => line.replace('on=local', 'on=local background=true')),
    ...step(2, 'meanwhile', 'until [ -s watching ]; do sleep 0.01; done; echo done', 'prints "done"'),
  ];

  it('goes on beside the ones after it, and is ended and judged when they are done', async () => {
    const directory = await temporaryDirectory();
    const script = 'echo watching; echo 1 >watching; sleep 1000';
    const { events, statuses } = await runs(
      lines(script, 'prints "watching"'),
      await localExecutor(directory),
    );
    expect(statuses).toEqual(['meanwhile: passed', 'watch: passed', 'passed']);
    expect(finished(events, 'watch')?.output).toMatchObject({ exitCode: 143 });
  });

  it('is ended where nobody listens to the run any more, as the journal cannot be written', async () => {
    const directory = await temporaryDirectory();
    const script = 'trap "touch ended" EXIT; echo 1 >watching; sleep 1000';
    const plan = planOf(documentOf('# Shop', ...lines(script, 'exits 143')));
    const options = {
      run: newRunId(),
      signal: new AbortController().signal,
      ask: async () => 'assumed' as const,
    };
    for await (const event of run(plan, await localExecutor(directory), options)) {
      if (event.type === 'block-finished') break;
    }
    expect(existsSync(join(directory, 'ended'))).toBe(true);
  });

  it('fails the run where its output is wrong, or where it ended by itself with a failure', async () => {
    const wrong = lines('echo nothing; echo 1 >watching; sleep 1000', 'prints "watching"');
    expect((await runs(wrong, await localExecutor(await temporaryDirectory()))).statuses).toEqual([
      'meanwhile: passed',
      'watch: failed',
      'failed',
    ]);
    const ended = [
      ...lines('echo watching; echo $BASHPID >watching; exit 3', 'prints "watching"'),
      ...step(3, 'later', 'while kill -0 "$(cat watching)" 2>/dev/null; do sleep 0.01; done'),
    ];
    const { statuses } = await runs(ended, await localExecutor(await temporaryDirectory()));
    expect(statuses.at(-1)).toBe('failed');
  });
});

describe('a block that ends with the status of a SIGTERM', () => {
  it('has failed where the run did not end it', async () => {
    const { events, statuses } = await runs(
      step(1, 'one', 'kill -TERM $BASHPID; true'),
      await localExecutor('/'),
    );
    expect(statuses).toEqual(['one: failed', 'failed']);
    expect(finished(events, 'one')?.outcome.why?.message).toContain('143');
  });
});

describe('where what blocks run on has gone', () => {
  const lost = async () => 'the Docker engine has gone';

  it('a block that fails could not be run: its output is kept, and is no verdict', async () => {
    const executor = { ...(await localExecutor('/')), lost };
    const { events, statuses } = await runs(step(1, 'one', 'echo so far; exit 1', 'prints "all"'), executor);
    expect(statuses).toEqual(['one: not-run', 'aborted']);
    expect(events.at(-1)).toMatchObject({ why: 'one: the Docker engine has gone' });
    expect(finished(events, 'one')).toMatchObject({ output: { stdout: { text: 'so far\n' } } });
  });

  it('a block that passes has passed', async () => {
    const executor = { ...(await localExecutor('/')), lost };
    expect((await runs(step(1, 'one', 'true'), executor)).statuses).toEqual(['one: passed', 'passed']);
  });
});

describe('an interruption', () => {
  it('ends what runs, and what is to come is not begun', async () => {
    const executor = await localExecutor('/');
    const controller = new AbortController();
    const plan = planOf(
      documentOf('# Shop', ...step(1, 'one', 'echo begun; sleep 1000'), ...step(2, 'two', 'true')),
    );
    const events: Event[] = [];
    for await (const event of run(plan, executor, {
      run: newRunId(),
      signal: controller.signal,
      ask: async () => 'yes',
    })) {
      if (event.type === 'block-printed') controller.abort();
      events.push(event);
    }
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', status: 'aborted', why: 'interrupted' });
    expect(finished(events, 'two')?.outcome.status).toBe('not-run');
  });

  it('before the first block begins none', async () => {
    const signal = AbortSignal.abort();
    const { events, statuses } = await runs(step(1, 'one', 'true'), await localExecutor('/'), { signal });
    expect(statuses).toEqual(['one: not-run', 'aborted']);
    expect(events.map(({ type }) => type)).toEqual(['block-finished', 'run-finished']);
  });

  it('during a question begins no block', async () => {
    const directory = await temporaryDirectory();
    const controller = new AbortController();
    const ask = async () => {
      controller.abort();
      return 'yes' as const;
    };
    const lines = ['## Checklist', '- [ ] Everybody knows.', '', ...step(1, 'one', 'touch ran')];
    const { statuses } = await runs(lines, await localExecutor(directory), {
      ask,
      signal: controller.signal,
    });
    expect(statuses).toEqual(['one: not-run', 'aborted']);
    await expect(readFile(join(directory, 'ran'))).rejects.toThrow('ENOENT');
  });
});

describe('a question', () => {
  const lines = ['## Checklist', '- [ ] Everybody knows.', '- [ ] Really.', '', ...step(1, 'one', 'true')];

  it('is asked in its place, and its answer recorded', async () => {
    const { events, statuses } = await runs(lines, await localExecutor('/'), { ask: async () => 'yes' });
    expect(statuses).toEqual(['one: passed', 'passed']);
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'question-answered', text: 'Everybody knows.', line: 3, answer: 'yes' },
      { type: 'question-answered', text: 'Really.', line: 4, answer: 'yes' },
    ]);
  });

  it('that nobody is there to answer aborts the run: that is no failure', async () => {
    const { events, statuses } = await runs(lines, await localExecutor('/'), { ask: async () => 'none' });
    expect(statuses).toEqual(['one: not-run', 'aborted']);
    expect(events.at(-1)).toMatchObject({ why: 'nobody was there to answer: Everybody knows.' });
  });

  it('whose answer is no ends the run', async () => {
    const { events, statuses } = await runs(lines, await localExecutor('/'), { ask: async () => 'no' });
    expect(statuses).toEqual(['one: not-run', 'failed']);
    expect(events.filter(({ type }) => type === 'question-answered')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ why: 'the answer was no: Everybody knows.' });
  });
});

it('a block runs in the directory and with the environment of its host', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'greeting'), 'hello\n');
  const executor = await localExecutor(directory, { WHO: 'world' });
  const { statuses } = await runs(
    step(1, 'one', 'echo "$(cat greeting) $WHO"', 'prints "hello world"'),
    executor,
  );
  expect(statuses).toEqual(['one: passed', 'passed']);
});

describe('a run that asks before each block', () => {
  const lines = ['one', 'two', 'three'].flatMap((name, i) => step(i + 1, name, 'true'));
  const asking = async (answers: Record<string, 'yes' | 'no' | 'none'>) => {
    const asked: string[] = [];
    const beforeBlock = async ({ name }: { name: string }) => {
      asked.push(name);
      return answers[name] ?? 'yes';
    };
    const ran = await runs(lines, await localExecutor('/'), { beforeBlock });
    return { ...ran, asked };
  };

  it('runs each that is wanted, and records no question', async () => {
    const { statuses, asked, events } = await asking({});
    expect(asked).toEqual(['one', 'two', 'three']);
    expect(statuses).toEqual(['one: passed', 'two: passed', 'three: passed', 'passed']);
    expect(events.some(({ type }) => type === 'question-answered')).toBe(false);
  });

  it('leaves out one that is not, with all that comes after it, and does not pass then', async () => {
    const { statuses, asked, events } = await asking({ two: 'no' });
    expect(asked).toEqual(['one', 'two']);
    expect(statuses).toEqual(['one: passed', 'two: not-run', 'three: not-run', 'aborted']);
    expect(events.at(-1)).toMatchObject({ why: 'two was not allowed' });
  });

  it('comes to its end where nobody answers', async () => {
    const { statuses, events } = await asking({ one: 'none' });
    expect(statuses).toEqual(['one: not-run', 'two: not-run', 'three: not-run', 'aborted']);
    expect(events.at(-1)).toMatchObject({ why: 'nobody was there to answer: Run one?' });
  });
});
