import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BlockFacts, BlockFinished, Event } from '../../tools/journal/event.ts';
import type { ExpectationOutcome } from '../../tools/outcome/outcome.ts';
import { styleFor, widthOf, wrapped } from '../../tools/report/style.ts';
import { terminalReport } from '../../tools/report/terminal.ts';
import { runStarted } from '../support/events.ts';
import { expectationOutcome } from '../support/report.ts';

const at = '2026-03-01T02:00:00.000Z';

const facts = (name: string, heading = 'Step 1: Greet'): BlockFacts => ({
  name,
  section: 'step-1',
  heading,
  line: 7,
  language: 'sh',
  on: 'local',
  effect: 'writes',
  key: null,
  done: null,
  text: 'echo hello\n',
  budget_ms: [1000, 5000],
  expectations: [],
});

const started = runStarted({ blocks: [facts('greet'), facts('bye', 'Step 2: Leave')] });

const shellOutput = (stdout: string, stderr = '') => ({
  kind: 'shell' as const,
  exitCode: 1,
  timedOut: false,
  interrupted: false,
  stdout: { text: stdout, bytes: stdout.length, truncated: false },
  stderr: { text: stderr, bytes: stderr.length, truncated: false },
  exports: {},
  durationMs: 1,
});

function finished(expectations: ExpectationOutcome[], more: Partial<BlockFinished> = {}): BlockFinished {
  const failed = expectations.some(({ status }) => status === 'failed');
  const outcome = {
    status: failed ? ('failed' as const) : ('passed' as const),
    why: null,
    expectations,
    captured: {},
  };
  return { type: 'block-finished', at, name: 'greet', outcome, output: null, duration_ms: 1200, ...more };
}

/** What is written for these events: `columns` null is no terminal. */
const shown = (columns: number | null, environment: Record<string, string>, ...events: Event[]): string =>
  shownWith({}, columns, environment, ...events);

/** As shown, with what else a screen may be asked for. */
function shownWith(
  more: { verbose?: boolean },
  columns: number | null,
  environment: Record<string, string>,
  ...events: Event[]
): string {
  let text = '';
  const write = (piece: string) => {
    text += piece;
  };
  const report = terminalReport({
    ...more,
    write,
    columns,
    style: styleFor({ isTTY: columns !== null }, environment),
  });
  for (const event of [started, ...events]) report.show(event);
  report.close();
  return text;
}

const begun: Event = { type: 'block-started', at, name: 'greet', attempt: 1 };
const line = (text: string): Event => ({ type: 'block-printed', at, name: 'greet', line: text });
const ESC = '\u001b';

describe('without a terminal', () => {
  it('each block is one line when it has ended, with the time of day and its place, and what is expected below it', () => {
    const text = shown(
      null,
      {},
      begun,
      line('hello'),
      finished([
        expectationOutcome(),
        expectationOutcome({ text: 'exits 0', status: 'not-run', actual: 'it is an example' }),
      ]),
      { type: 'question-answered', at, text: 'Everybody knows.', line: 3, answer: 'yes' },
      { type: 'run-finished', at, status: 'passed', why: null },
    );
    expect(text).toBe(
      [
        '',
        'Step 1: Greet',
        '02:00:00Z [1/2] ✓ greet (1.2 s, estimated 1 s to 5 s)',
        '    ✓ prints "hello"',
        '    – exits 0: not judged, it is an example',
        '02:00:00Z ? Everybody knows. (yes)',
        '',
        'passed',
        '',
      ].join('\n'),
    );
  });

  it('what a block did to the database stands below it, and how often its locks were looked at', () => {
    const effects = {
      tables: [{ table: 'orders', inserted: 3, updated: 0, deleted: 0 }],
      ...{ catalog: [], rewritten: ['carts'], wal_bytes: 2048 },
      locks: [{ table: 'orders', mode: 'SHARE', ms: 120 }],
    };
    const text = (output: object) =>
      shown(null, {}, begun, finished([], { output: { ...shellOutput(''), ...output } }));
    expect(text({ effects })).toContain(
      [
        '    · orders: 3 rows inserted',
        '    · carts: written anew',
        '    · locks (looked at every 50 ms): SHARE on orders, at most 120 ms · 2.0 KB of write-ahead log',
        '',
      ].join('\n'),
    );
    expect(text({ effects: { ...effects, tables: [], rewritten: [], locks: [] } })).not.toContain('·');
    expect(text({ effects: { unmeasured: 'permission denied' } })).toContain(
      '    · what it did to the database is not known: permission denied\n',
    );
  });

  it('what it is bound to and what vouches for it comes first, and each section says how long the rest takes', () => {
    const identity = {
      ...{ host: 'nas1', machine_id: '4f2a', directory: '/srv', system_identifier: '7312', database: 'shop' },
    };
    const rehearsed = {
      ...{ run: 'earlier', at: '2026-03-01T00:00:00.000Z', replica: 'docker' as const, data: 'x.dump' },
    };
    const text = shown(
      null,
      {},
      { ...started, identity, rehearsed, expected_ms: { greet: 2400, bye: 60_000 } },
      begun,
      finished([]),
      { ...begun, name: 'bye' },
    );
    expect(text.replaceAll(/\d+ hours/g, 'N hours')).toBe(
      [
        '  on nas1 (machine 4f2a), /srv, database shop of cluster 7312',
        '  rehearsed N hours ago as earlier: on the docker replica, data of x.dump',
        '',
        'Step 1: Greet, about 1 min 03 s left',
        '02:00:00Z [1/2] ✓ greet (1.2 s, estimated 1 s to 5 s)',
        '',
        'Step 2: Leave, about 30 s left',
        '',
      ].join('\n'),
    );
  });

  it('no control sequence of a block’s own comes through', () => {
    const why = {
      message: `exit status 1: ${ESC}[31mred${ESC}]0;title\u0007\u009b2J\u202e!`,
      line: 8,
      column: 1,
    };
    const outcome = { status: 'failed' as const, why, expectations: [], captured: {} };
    const output = shellOutput(`${ESC}[2Jgone\r\nkept\u0000\n`, `${ESC}[5mblink${ESC}[0m\n`);
    const text = shown(null, {}, begun, finished([], { outcome, output }));
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    expect(text).toContain('    runbook.md:8:1: exit status 1: red<U+202E>!');
    expect(text).toContain('      gone\n      kept\n      blink\n');
  });
});

describe('what nobody sees', () => {
  const UNSEEN = [
    ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e'],
    ...['\u2066', '\u2067', '\u2068', '\u2069', '\u200b', '\u00ad', '\ufeff', '\u2028', '\u{e0041}'],
  ].join('');
  const codes =
    '<U+061C><U+200E><U+200F><U+202A><U+202B><U+202C><U+202D><U+202E><U+2066><U+2067><U+2068><U+2069>' +
    '<U+200B><U+00AD><U+FEFF><U+2028><U+E0041>';

  it('is shown as its code wherever it stands', () => {
    const why = { message: `why${UNSEEN}`, line: 8, column: 1 };
    const expectations = [
      expectationOutcome({ text: `passed${UNSEEN}` }),
      expectationOutcome({ text: `not judged${UNSEEN}`, status: 'not-run', actual: `reason${UNSEEN}` }),
      expectationOutcome({ text: `failed${UNSEEN}`, status: 'failed', expected: 'a', actual: UNSEEN }),
    ];
    const outcome = { status: 'failed' as const, why, expectations, captured: {} };
    const text = shown(
      200,
      { NO_COLOR: '1' },
      { ...started, blocks: [facts('greet', `heading${UNSEEN}`)] },
      begun,
      finished([], { outcome, output: shellOutput(`out${UNSEEN}\n`, `err${UNSEEN}\n`) }),
      { type: 'question-answered', at, text: `asked${UNSEEN}`, line: 3, answer: 'yes' },
      { type: 'run-finished', at, status: 'aborted', why: `aborted${UNSEEN}` },
    );
    for (const what of ['why', 'passed', 'not judged', 'reason', 'failed', 'heading', 'out', 'err', 'asked'])
      expect(text).toContain(`${what}${codes}`);
    expect(text).toContain(`aborted: aborted${codes}`);
    expect(text.replaceAll(/\s|│/g, '')).toContain(codes.slice(0, 40));
    for (const sign of UNSEEN) expect(text).not.toContain(sign);
  });

  it('leaves emoji and what joins letters as they are', () => {
    const joined = '👩‍👩‍👧 ❤️ می‌خواهم';
    expect(shown(null, {}, begun, finished([expectationOutcome({ text: joined })]))).toContain(joined);
  });
});

describe('on a terminal', () => {
  it('verdicts are in colour, and with NO_COLOR or a dumb terminal they are not', () => {
    const of = (environment: Record<string, string>) =>
      shown(80, environment, begun, finished([expectationOutcome()]));
    expect(of({})).toContain(`${ESC}[32m✓`);
    for (const environment of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(of(environment).replaceAll(`\r${ESC}[2K`, '')).not.toContain(ESC);
    }
  });

  it('an empty NO_COLOR asks for nothing', () => {
    expect(shown(80, { NO_COLOR: '' }, begun, finished([expectationOutcome()]))).toContain(`${ESC}[32m✓`);
  });

  it('a block that is over its estimate says so', () => {
    expect(shown(null, {}, begun, finished([], { duration_ms: 6000 }))).toContain(
      '(6 s, estimated 1 s to 5 s), over its estimate',
    );
  });
});

describe('what was not run', () => {
  const blocks = ['greet', 'look', 'change', 'changed', 'tidy', 'bye'].map((name) => facts(name));
  const skipped = (name: string, message = 'an earlier block failed'): Event => {
    const why = { message, line: 20, column: 1 };
    const outcome = { status: 'not-run' as const, why, expectations: [], captured: {} };
    return { ...finished([]), name, outcome, duration_ms: 0 };
  };
  const end: Event = { type: 'run-finished', at, status: 'failed', why: null };
  const told = (columns: number | null, ...events: Event[]) =>
    shown(columns, { NO_COLOR: '1' }, { ...started, blocks }, ...events, end)
      .replaceAll(`\r${ESC}[2K`, '')
      .split('\n')
      .filter((row) => row.includes('not run') || row.includes('tidy'));

  it('is one line at the end, with the reason, whatever ran in between', () => {
    expect(told(null, skipped('change'), skipped('changed'), skipped('tidy'), skipped('bye'))).toEqual([
      '  – not run, as an earlier block failed: 4 blocks, change to bye',
    ]);
    expect(told(null, skipped('look'), finished([]), skipped('changed'), skipped('tidy'))).toEqual([
      '  – not run, as an earlier block failed: 3 blocks, look, changed, tidy',
    ]);
    expect(told(null, skipped('bye'))).toEqual(['  – not run, as an earlier block failed: 1 block, bye']);
  });

  it('is a line for each reason', () => {
    expect(told(null, skipped('tidy'), skipped('bye', 'the run was aborted'))).toEqual([
      '  – not run, as an earlier block failed: 1 block, tidy',
      '  – not run, as the run was aborted: 1 block, bye',
    ]);
  });

  it('is cut to the width of a terminal', () => {
    const [row = ''] = told(60, skipped('look'), skipped('changed'), skipped('tidy'));
    expect(row).toBe('  – not run, as an earlier block failed: 3 blocks, look, ch…');
    expect(widthOf(row)).toBe(60);
  });
});

describe('with --verbose', () => {
  const verbose = (
    columns: number | null,
    output: BlockFinished['output'],
    more: Partial<BlockFinished> = {},
  ) =>
    shownWith(
      { verbose: true },
      columns,
      { NO_COLOR: '1' },
      begun,
      finished([expectationOutcome()], { output, ...more }),
    )
      .replaceAll(`\r${ESC}[2K`, '')
      .split('\n');

  it('what a block printed that passed stands below it, cut to the screen, and without what is not for it', () => {
    const output = shellOutput(`  two\tcells\n${ESC}[31m${'x'.repeat(100)}\n`, 'a warning\n');
    expect(verbose(60, output).slice(3)).toEqual([
      '        two    cells',
      `      ${'x'.repeat(53)}…`,
      '      a warning',
      '    ✓ prints "hello"',
      '',
    ]);
    expect(verbose(null, output)).toContain(`      ${'x'.repeat(100)}`);
    expect(shown(60, {}, begun, finished([], { output }))).not.toContain('cells');
  });

  it('result sets are as psql prints them', () => {
    const result = {
      ...{ title: 'Count', command: 'SELECT', rowCount: 1, truncated: false, durationMs: 2 },
      ...{ columns: [{ name: 'n', type: 'int8' }], rows: [['12']] },
    };
    const ended = { refusal: null, timedOut: false, interrupted: false, durationMs: 2 };
    const text = verbose(null, { kind: 'sql', results: [result], ...ended }).join('\n');
    expect(text).toContain('       n\n      ----\n       12\n      (1 row)\n');
  });

  it('is not longer than a few screens, and nothing of a block that printed nothing', () => {
    const rows = verbose(null, shellOutput('line\n'.repeat(250)));
    expect(rows.filter((row) => row === '      line')).toHaveLength(200);
    expect(rows).toContain('      … 50 more lines');
    expect(verbose(null, shellOutput('')).slice(2)).toEqual([
      '02:00:00Z [1/2] ✓ greet (1.2 s, estimated 1 s to 5 s)',
      '    ✓ prints "hello"',
      '',
    ]);
  });
});

describe('a block that runs for long', () => {
  afterEach(() => void vi.useRealTimers());

  /** What is written while a block runs for so many seconds. */
  const running = (columns: number | null, seconds: number, more: Partial<typeof started> = {}) => {
    vi.useFakeTimers({ now: Date.parse(at) });
    let text = '';
    const write = (piece: string) => {
      text += piece;
    };
    const report = terminalReport({ write, columns, style: styleFor({}, {}) });
    for (const event of [{ ...started, ...more }, begun, line('row 1\n')]) report.show(event);
    vi.advanceTimersByTime(seconds * 1000);
    const before = text;
    report.show(finished([]));
    vi.advanceTimersByTime(600_000);
    report.close();
    return { before: before.split('\n'), signs: text.split('\n').filter((row) => row.includes('…')) };
  };
  const drawn = (columns: number, more?: Partial<typeof started>) =>
    running(columns, 4, more).before.at(-1)?.split(`\r${ESC}[2K`).at(-1);

  it('gives a sign of life without a terminal: after 30 seconds, and then each minute, until it ends', () => {
    expect(running(null, 29).signs).toEqual([]);
    expect(running(null, 95).signs).toEqual([
      '02:00:30Z [1/2] … greet (30 s, estimated 1 s to 5 s)',
      '02:01:30Z [1/2] … greet (1 min 30 s, estimated 1 s to 5 s)',
    ]);
  });

  it('is a live line on a terminal: its place, its time beside estimate and rehearsal, what is left, its last line', () => {
    const expected_ms = { greet: 3000, bye: 60_000 };
    expect(drawn(140, { expected_ms })).toBe(
      '  [1/2] greet  4 s, estimated 1 s to 5 s, rehearsed in 3 s, about 1 min left  row 1',
    );
    expect(drawn(140)).toBe('  [1/2] greet  4 s, estimated 1 s to 5 s  row 1');
  });

  it('leaves out on a narrow terminal what says least, and keeps the last line', () => {
    const expected_ms = { greet: 3000, bye: 60_000 };
    expect(drawn(80, { expected_ms })).toBe('  [1/2] greet  4 s, rehearsed in 3 s, about 1 min left  row 1');
    expect(drawn(60, { expected_ms })).toBe('  [1/2] greet  4 s, about 1 min left  row 1');
    expect(drawn(40, { expected_ms })).toBe('  [1/2] greet  4 s  row 1');
    for (const columns of [20, 40, 60, 80])
      expect(widthOf(drawn(columns, { expected_ms }) ?? '')).toBeLessThan(columns);
  });
});

describe('a terminal of 60 columns', () => {
  it('has no line broken within a word, nor one that is not indented as what it goes on from', () => {
    const why = { message: `exit status 1 ${'and so on '.repeat(9)}`, line: 8, column: 1 };
    const long = `prints "${'one word '.repeat(12)}"`;
    const expectations = [
      expectationOutcome({ text: long }),
      expectationOutcome({ text: long, status: 'failed', expected: long, actual: long }),
    ];
    const outcome = { status: 'failed' as const, why, expectations, captured: {} };
    const text = shown(
      60,
      {},
      { ...started, blocks: [facts('greet', `Step 1: ${'A long heading '.repeat(6)}`)] },
      begun,
      finished([], { outcome, output: shellOutput(`${'some words '.repeat(20)}\n`), duration_ms: 6000 }),
      { type: 'question-answered', at, text: 'Does everybody know? '.repeat(5), line: 3, answer: 'yes' },
      { type: 'run-finished', at, status: 'failed', why: null },
    );
    const rows = stripVTControlCharacters(text).replaceAll('\r', '').split('\n');
    expect(rows.filter((row) => widthOf(row.trimEnd()) > 60)).toEqual([]);
    expect(rows).toContain('      one word one word one word one word one word one word');
    expect(rows.join(' ').replaceAll(/\s+/g, ' ')).toContain(why.message.trim());
  });

  it('shows the beginning and the end of a line that no screen could hold', () => {
    const endless = `begin ${'🎉'.repeat(500_000)} end`;
    const expectations = [expectationOutcome({ status: 'failed', expected: 'all', actual: endless })];
    const why = { message: 'exit status 1', line: 8, column: 1 };
    const outcome = { status: 'failed' as const, why, expectations, captured: {} };
    const output = shellOutput('', `first ${'y'.repeat(1_000_000)} last\n`);
    const text = shown(60, { NO_COLOR: '1' }, begun, finished([], { outcome, output }));
    const rows = text.replaceAll('\r', '').split('\n');
    expect(rows.length).toBeLessThan(200);
    expect(text.length).toBeLessThan(20_000);
    expect(text).toContain('│ begin');
    expect(text).toMatch(/🎉 end *\n/u);
    expect(text).toMatch(/… \d{6} more …/);
    expect(text).toMatch(/first\s+yyy/);
    expect(Buffer.from(text).toString()).toBe(text);
  });

  it('leaves a word whole that is longer than a line, for whoever copies it', () => {
    const path = `/srv/${'x'.repeat(80)}`;
    expect(wrapped(`    in ${path} it is`, 60)).toEqual(['    in', `      ${path}`, '      it is']);
    expect(wrapped(`${ESC}[2m  one two${ESC}[22m`, 6)).toEqual([`${ESC}[2m  one`, `    two${ESC}[22m`]);
    expect(wrapped('汉字 汉字', 8)).toEqual(['汉字', '  汉字']);
    expect(wrapped('', 60)).toEqual(['']);
  });
});

describe('side by side', () => {
  const uuid = '8d3cb9a4-0c1f-4d8e-9a51-7f8e2f1d9c11';
  const compared = (...lines: [string | null, string | null, boolean?][]) =>
    expectationOutcome({
      status: 'failed',
      lines: lines.map(([expected, actual, same = false]) => ({ expected, actual, same })),
    });
  const rows = (outcome: ExpectationOutcome) => {
    const text = shown(80, { NO_COLOR: '1' }, begun, finished([outcome])).replaceAll(`\r${ESC}[2K`, '');
    return text.split('\n').filter((row) => row.includes('│'));
  };
  const sides = (outcome: ExpectationOutcome) =>
    rows(outcome)
      .slice(1)
      .map((row) =>
        row
          .slice(8)
          .split('│')
          .map((side) => side.trim()),
      );

  it('stays within 80 columns, with nothing cut off where the sides differ', () => {
    const outcome = compared(
      ['same', 'same', true],
      [`id ${uuid}`, `id ${uuid.replace('c11', 'c12')}`],
      ['汉字'.repeat(30), '🎉'.repeat(30)],
    );
    expect(rows(outcome).filter((row) => widthOf(row) > 80)).toEqual([]);
    const [left, right] = [0, 1].map((side) =>
      sides(outcome)
        .map((both) => both[side])
        .join(''),
    );
    expect(left).toBe(`sameid${uuid}${'汉字'.repeat(30)}`);
    expect(right).toBe(`sameid${uuid.replace('c11', 'c12')}${'🎉'.repeat(30)}`);
  });

  it('shows a difference that cannot be seen', () => {
    expect(
      sides(
        compared(
          ['a', 'a\r'],
          ['b', 'b  '],
          ['c d', 'c\td'],
          ['', null],
          ['e', `${ESC}[1me`],
          ['f', 'f\u200d'],
        ),
      ),
    ).toEqual([
      ['a', 'a\\r'],
      ['b', 'b··'],
      ['c d', 'c\\td'],
      ['(an empty line)', ''],
      ['e', '\\x1b[1me'],
      ['f', 'f<U+200D>'],
    ]);
  });

  it('is there while one waits, however long a line is', () => {
    const long = 'x'.repeat(1_000_000);
    const words = 'a word '.repeat(100_000);
    for (const line of [long, words, ' '.repeat(1_000_000)]) {
      const shown = rows(compared(['short', `${line}!`]));
      expect(shown.length).toBeLessThan(50);
      expect(shown.at(-1)).toMatch(/!$/);
    }
  });

  it('shows where two long lines differ, wherever that is', () => {
    const [before, behind] = ['🎉'.repeat(100_000), '汉'.repeat(100_001)];
    const outcome = compared([`${before}one${behind}`, `${before}another${behind}`]);
    const text = sides(outcome).flat().join('');
    expect(text).toMatch(/🎉one汉/u);
    expect(text).toMatch(/🎉another汉/u);
    expect(Buffer.from(text).toString()).toBe(text);
    expect(rows(outcome).length).toBeLessThan(20);
  });

  it('leaves out what is the same, but for two lines around a difference', () => {
    const same = (n: number): [string, string, boolean] => [`line ${n}`, `line ${n}`, true];
    const outcome = compared(...[1, 2, 3, 4, 5].map(same), ['x', 'y'], ...[6, 7, 8, 9].map(same));
    expect(sides(outcome).map(([left]) => left)).toEqual(['line 4', 'line 5', 'x', 'line 6', 'line 7']);
    expect(shown(80, {}, begun, finished([outcome]))).toMatch(/… 3 more lines[\s\S]*… 2 more lines/);
  });

  it('is not longer than a screen or two, however much differs', () => {
    const outcome = compared(
      ...Array.from({ length: 20_000 }, (_, i): [string, string] => [`a${i}`, `b${i}`]),
    );
    expect(rows(outcome).length).toBeLessThan(100);
    expect(shown(80, {}, begun, finished([outcome]))).toContain('… 19940 more lines');
  });
});
