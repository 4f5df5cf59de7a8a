import type { ResultSet } from '../../tools/expect/subject.ts';
import type { Cell, Of } from './subjects.ts';

/**
 * A second, naive reading of every sentence: what is true of a result is said here with other means than the judge's,
 * and beside each other the two are compared. A kind makes one sentence, one subject, and whether it is true.
 */
export interface Kind {
  name: string;
  make(random: Random): { text: string; subject: Of; truth: boolean };
}

/** Whole numbers below a bound, the same in each run. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** mulberry32. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T;
  }
}

const NUMBERS = ['0', '1', '2', '3', '4', '-1', '10', '2.5', '3.0', '9007199254740992', '9007199254740993'];
const WORDS = ['ok', 'bad', 'a', 'ab', 'b', 'null', '3', '10', 'x y'];
const COLUMNS = ['n', 'name', 'My Count', '?column?'];

function resultOf(random: Random): ResultSet {
  const columns = Array.from({ length: 1 + random.below(3) }, () => ({
    name: random.of(COLUMNS),
    type: random.of(['numeric', 'text', 'bool']),
  }));
  const cellOf = (type: string): Cell => {
    if (random.below(8) === 0) return null;
    return random.of(type === 'numeric' ? NUMBERS : type === 'bool' ? ['t', 'f'] : WORDS);
  };
  const rows = Array.from({ length: random.of([0, 1, 1, 1, 2, 2, 3, 4]) }, () =>
    columns.map(({ type }) => cellOf(type)),
  );
  return { columns, rows, rowCount: rows.length, truncated: false };
}

/** In hundredths, as a whole number of any size. */
function hundredths(text: string): bigint | null {
  const [, minus = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d\d?))?$/.exec(text) ?? [];
  return whole === '' ? null : BigInt(minus + whole + fraction.padEnd(2, '0'));
}

const named = (name: string) => (/^[a-z]+$/.test(name) || name === '?column?' ? name : `"${name}"`);

interface Condition {
  text: string;
  holds(cell: Cell, type: string): boolean;
  /** Whether it can be said of cells of a type at all, and whether anybody can say it of this one. */
  fits?(type: string): boolean;
  isOpen?(cell: Cell): boolean;
}

type MakeCondition = (random: Random) => Condition;

export const is = (value: string, cell: Cell, type: string): boolean => {
  if (cell === null) return value === 'null';
  if (value === 'null') return false;
  const bare = value.replaceAll('"', '');
  if (type === 'bool') return (bare === 'true' && cell === 't') || (bare === 'false' && cell === 'f');
  return type === 'numeric'
    ? hundredths(bare) !== null && hundredths(bare) === hundredths(cell)
    : bare === cell;
};

const VALUES = [...NUMBERS, 'ok', 'a', '"x y"', 'null', '"null"', 'true', 'false'];
const couldBe = (value: string, type: string) =>
  type === 'text' || (type === 'bool' ? /^(true|false)$/.test(value) : hundredths(value) !== null);

const bounded =
  (words: string[], test: (cell: bigint, limit: bigint) => boolean): MakeCondition =>
  (random) => {
    const limit = random.of(NUMBERS);
    return {
      text: random.of(words).replace('N', limit),
      holds: (cell) => {
        const number = cell === null ? null : hundredths(cell);
        return number !== null && test(number, hundredths(limit) as bigint);
      },
      ...OF_NUMBERS,
    };
  };

const OF_NUMBERS = {
  fits: (type: string) => type !== 'bool',
  isOpen: (cell: Cell) => cell !== null && hundredths(cell) === null,
};

const CONDITIONS: Record<string, MakeCondition> = {
  is(random) {
    const value = random.of(VALUES);
    return {
      text: `${random.of(['is', '=', '=='])} ${value}`,
      holds: (cell, type) => is(value, cell, type),
      fits: (type) => value === 'null' || couldBe(value, type),
    };
  },
  'is not'(random) {
    const value = random.of(VALUES);
    return {
      text: `${random.of(['is not', '!=', '<>'])} ${value}`,
      holds: (cell, type) =>
        cell !== null && (value === 'null' || couldBe(value, type)) && !is(value, cell, type),
      fits: (type) => value === 'null' || couldBe(value, type),
    };
  },
  'at least': bounded(['is at least N', '>= N', 'is N or more'], (a, b) => a >= b),
  'at most': bounded(['is at most N', '<= N', 'is N or less', 'is N or fewer'], (a, b) => a <= b),
  more: bounded(['is greater than N', 'is more than N', '> N', 'is above N', 'is over N'], (a, b) => a > b),
  less: bounded(['is less than N', 'is fewer than N', '< N', 'is below N', 'is under N'], (a, b) => a < b),
  about: bounded(['is about N'], (a, b) => {
    const off = a > b ? a - b : b - a;
    return off * 10n <= (b < 0n ? -b : b);
  }),
  between(random) {
    const [a, b] = [random.of(NUMBERS), random.of(NUMBERS)];
    return {
      text: `is between ${a} and ${b}`,
      holds: (cell) => {
        const number = cell === null ? null : hundredths(cell);
        return number !== null && number >= (hundredths(a) ?? 0n) && number <= (hundredths(b) ?? 0n);
      },
      ...OF_NUMBERS,
    };
  },
  contains(random) {
    const text = random.of(['a', 'b', 'ok', '1', 'x y']);
    return {
      text: `contains "${text}"`,
      holds: (cell) => cell !== null && cell.split(text).length > 1,
      fits: (type) => type !== 'bool',
    };
  },
  matches(random) {
    const text = random.of(['a', 'b', 'o', '1']);
    return { text: `matches /^${text}/`, holds: (cell) => cell?.[0] === text };
  },
};

/** The cells of the only column of that name, with its type; null where there is none, or more than one. */
function cellsOf({ columns, rows }: ResultSet, name: string): { cells: Cell[]; type: string } | null {
  const places = columns.flatMap((column, i) => (column.name === name ? [i] : []));
  const [place] = places;
  if (place === undefined || places.length > 1) return null;
  return { cells: rows.map((row) => row[place] ?? null), type: columns[place]?.type ?? '' };
}

const QUANTITIES: Record<string, (random: Random) => { text: string; holds(n: number): boolean }> = {
  exactly(random) {
    const n = random.below(4);
    return {
      text: random.of([String(n), `exactly ${n}`, ['no', 'one', 'two', 'three'][n] as string]),
      holds: (count) => count === n,
    };
  },
  'at least'(random) {
    const n = 1 + random.below(4);
    return { text: random.of([`at least ${n}`, `${n} or more`]), holds: (count) => !(count < n) };
  },
  'at most'(random) {
    const n = random.below(5);
    return {
      text: random.of([`at most ${n}`, `up to ${n}`, `${n} or fewer`]),
      holds: (count) => !(count > n),
    };
  },
  'more than'(random) {
    const n = random.below(5);
    return { text: random.of([`more than ${n}`, `over ${n}`]), holds: (count) => count - n > 0 };
  },
  'fewer than'(random) {
    const n = 1 + random.below(5);
    return {
      text: random.of([`fewer than ${n}`, `under ${n}`, `less than ${n}`]),
      holds: (count) => n - count > 0,
    };
  },
  between(random) {
    const [a, b] = [random.below(3), 1 + random.below(4)];
    return { text: `between ${a} and ${b}`, holds: (count) => !(count < a) && !(count > b) };
  },
  about(random) {
    const n = random.of([1, 2, 3, 10, 250]);
    return { text: `about ${n}`, holds: (count) => Math.abs(count - n) * 10 <= n };
  },
};

const kinds: Kind[] = [];

for (const [name, make] of Object.entries(QUANTITIES)) {
  kinds.push({
    name: `${name} rows`,
    make(random) {
      const { text, holds } = make(random);
      const rowCount = random.of([0, 1, 2, 3, 4, 5, 9, 11, 12, 225, 224, 275, 276]);
      const subject = { columns: [{ name: 'n', type: 'text' }], rows: [], rowCount, truncated: false };
      return {
        text: `${text} ${random.of(['rows', 'new users', 'columns on topics'])}`,
        subject,
        truth: holds(rowCount),
      };
    },
  });
}

for (const [name, make] of Object.entries(CONDITIONS)) {
  kinds.push(
    {
      name: `a column ${name}`,
      make(random) {
        const [subject, column, { text, holds }] = [resultOf(random), random.of(COLUMNS), make(random)];
        const found = cellsOf(subject, column);
        const truth = found?.cells.length === 1 && holds(found.cells[0] ?? null, found.type);
        return { text: `${named(column)} ${text}`, subject, truth };
      },
    },
    {
      name: `every column ${name}`,
      make(random) {
        const [subject, column, { text, holds }] = [resultOf(random), random.of(COLUMNS), make(random)];
        const found = cellsOf(subject, column);
        const wrong = found?.cells.filter((cell) => !holds(cell, found.type));
        const truth = found !== null && found.cells.length > 0 && wrong?.length === 0;
        return { text: `${random.of(['every', 'each', 'all'])} ${named(column)} ${text}`, subject, truth };
      },
    },
  );
}

const anyCondition = (random: Random): Condition => {
  const make = CONDITIONS[random.of(Object.keys(CONDITIONS))];
  if (!make) throw new Error('there is no such condition');
  return make(random);
};

kinds.push(
  {
    name: 'so many rows where',
    make(random) {
      const [subject, column, condition] = [resultOf(random), random.of(COLUMNS), anyCondition(random)];
      const { text, holds, fits = () => true, isOpen = () => false } = condition;
      const quantity = QUANTITIES[random.of(Object.keys(QUANTITIES))]?.(random);
      if (!quantity) throw new Error('there is no such quantity');
      const found = cellsOf(subject, column);
      const count = found?.cells.filter((cell) => holds(cell, found.type)).length ?? 0;
      const open = found?.cells.filter((cell) => isOpen(cell)).length ?? 0;
      return {
        text: `${quantity.text} rows ${random.of(['where', 'with'])} ${named(column)} ${text}`,
        subject,
        truth: found !== null && fits(found.type) && [count, count + open].every((n) => quantity.holds(n)),
      };
    },
  },
  {
    name: 'a column where another',
    make(random) {
      const [subject, condition] = [resultOf(random), anyCondition(random)];
      const { text, holds, isOpen = () => false } = condition;
      const [column, key] = [random.of(subject.columns).name, random.of(subject.columns).name];
      const value = anyValueOf(random, subject);
      const [left, right] = [cellsOf(subject, column), cellsOf(subject, key)];
      const cells = left?.cells.filter((_, i) => right && holds(right.cells[i] ?? null, right.type)) ?? [];
      const isClear = right?.cells.every((cell) => !isOpen(cell)) ?? false;
      const truth = left !== null && isClear && cells.length === 1 && is(value, cells[0] ?? null, left.type);
      return { text: `${named(column)} is ${value} where ${named(key)} ${text}`, subject, truth };
    },
  },
);

/** Any value, or one that stands in the result, as a sentence writes it. */
function anyValueOf(random: Random, { columns, rows }: ResultSet): string {
  const row = random.of([...rows, undefined]);
  const place = random.below(columns.length);
  const cell = row?.[place];
  if (cell === undefined) return random.of(VALUES);
  if (columns[place]?.type === 'bool' && cell !== null) return cell === 't' ? 'true' : 'false';
  return cell === null ? 'null' : cell === 'null' || cell.includes(' ') ? `"${cell}"` : cell;
}

kinds.push(
  {
    name: 'a column equals another',
    make(random) {
      const [a, b] = [random.of(COLUMNS.slice(0, 2)), random.of(COLUMNS.slice(2))];
      const type = random.of(['numeric', 'text']);
      const of = type === 'numeric' ? NUMBERS.slice(0, 4) : ['ok', 'bad', 'null'];
      const cell = () => (random.below(4) === 0 ? null : random.of(of));
      const cells = Array.from({ length: random.of([1, 1, 1, 0, 2]) }, () => [cell(), cell()]);
      const columns = [
        { name: a, type },
        { name: b, type },
      ];
      const [[x, y] = [null, null]] = cells;
      const truth = cells.length === 1 && x !== null && x === y;
      return {
        text: `${named(a)} equals ${named(b)}`,
        subject: { columns, rows: cells as Cell[][], rowCount: cells.length, truncated: false },
        truth,
      };
    },
  },
  {
    name: 'names',
    make(random) {
      const word = () => random.of(['a', 'b', 'c', '"x y"', 'null']);
      const wanted = Array.from({ length: 1 + random.below(3) }, word);
      const cells = Array.from({ length: random.below(5) }, () => random.of(['a', 'b', 'c', 'x y', null]));
      const subject = {
        columns: [{ name: 'n', type: 'text' }],
        rows: cells.map((cell) => [cell]),
        rowCount: cells.length,
        truncated: false,
      };
      const count = random.below(3) === 0 ? 1 + random.below(3) : wanted.length;
      const sorted = (all: (string | null)[]) => JSON.stringify(all.map((one) => JSON.stringify(one)).sort());
      const values = wanted.map((one) => (one === 'null' ? null : one.replaceAll('"', '')));
      const list =
        wanted.length > 1 && random.below(2) === 0
          ? `${wanted.slice(0, -1).join(', ')} and ${wanted.at(-1)}`
          : wanted.join(', ');
      return {
        text: `${count} users (${list})`,
        subject,
        truth: cells.length === count && sorted(values) === sorted(cells),
      };
    },
  },
  {
    name: 'the value',
    make(random) {
      const number = random.of(['0', '1', '3', '10', '9,007,199,254,740,993']);
      const drawn = resultOf(random);
      const columns = drawn.columns.slice(0, random.of([1, 1, 2]));
      const rows = drawn.rows.map((row) => row.slice(0, columns.length));
      const subject = { ...drawn, columns, rows };
      const cell = subject.rows[0]?.[0] ?? null;
      const truth =
        subject.rows.length === 1 &&
        subject.columns.length === 1 &&
        cell !== null &&
        hundredths(cell) === hundredths(number.replaceAll(',', ''));
      return { text: number, subject, truth };
    },
  },
  {
    name: 'touches',
    make(random) {
      const [n, rowCount] = [random.below(4), random.below(4)];
      const text = `${random.of(['touches', 'changes', 'affects'])} ${n} row${n === 1 ? '' : 's'}`;
      return { text, subject: { columns: [], rows: [], rowCount, truncated: false }, truth: n === rowCount };
    },
  },
  {
    name: 'exits',
    make(random) {
      const [n, exitCode] = [random.below(4), random.below(4)];
      const text = `${random.of(['exits', 'exits with', 'exit status', 'exits with code'])} ${n}`;
      return { text, subject: shellOf('', '', exitCode), truth: n === exitCode };
    },
  },
);

const stream = (text: string) => ({ text, bytes: text.length, truncated: false });
const shellOf = (stdout: string, stderr: string, exitCode = 0) => ({
  stdout: stream(stdout),
  stderr: stream(stderr),
  exitCode,
});

const TOKENS = [
  ...[
    'healthy',
    'unhealthy',
    'non-healthy',
    'healthy.',
    '(healthy)',
    'healthy,',
    'failed:',
    '1',
    '10',
    '1.5',
  ],
  ...['-1', '1,000', '1.', '0', 'errors', 'errors_2', '01', '1:'],
];

/** Lines of words. */
const proseOf = (random: Random): string =>
  Array.from({ length: random.below(4) }, () =>
    Array.from({ length: 1 + random.below(5) }, () => random.of(TOKENS)).join(' '),
  )
    .map((line) => `${line}\n`)
    .join('');

/** Whether these words follow one another in a line, but for the signs of a sentence around them. */
const saysWords = (prose: string, words: string[]): boolean =>
  prose.split('\n').some((line) => {
    const all = line.split(' ');
    return all.some((_, at) =>
      words.every((word, i) => {
        let found = all[at + i] ?? '';
        if (i === 0) found = found.replace(/^\(/, '');
        if (i === words.length - 1 && !word.endsWith(':')) found = found.replace(/[.,:;)]+$/, '');
        return found === word;
      }),
    );
  });

const SOUGHT = [
  ['healthy'],
  ['failed:', '1'],
  ['0', 'errors'],
  ['1'],
  ['errors'],
  ['1.5'],
  ['10'],
  ['failed:'],
];

const ofShell = (
  name: string,
  verb: string[],
  truth: (out: string, err: string, words: string[]) => boolean,
): Kind => ({
  name,
  make(random) {
    const [out, err, words] = [
      proseOf(random),
      random.below(2) === 0 ? '' : proseOf(random),
      random.of(SOUGHT),
    ];
    return {
      text: `${random.of(verb)} "${words.join(' ')}"`,
      subject: shellOf(out, err),
      truth: truth(out, err, words),
    };
  },
});

const countOf = (prose: string) => [...prose].filter((sign) => sign === '\n').length;

kinds.push(
  ofShell('prints', ['prints'], (out, _, words) => saysWords(out, words)),
  ofShell('complains', ['complains'], (_, err, words) => saysWords(err, words)),
  ofShell(
    'contains',
    ['contains', 'the output contains'],
    (out, _, words) => out.split(words.join(' ')).length > 1,
  ),
  ofShell(
    'does not print',
    ['does not print', 'does not contain'],
    (out, err, words) => out.split(words.join(' ')).length + err.split(words.join(' ')).length === 2,
  ),
  {
    name: 'prints nothing',
    make(random) {
      const [out, err] = [random.of(['', '\n', 'x']), random.of(['', '', 'warning'])];
      return {
        text: random.of(['prints nothing', 'no output']),
        subject: shellOf(out, err),
        truth: out + err === '',
      };
    },
  },
  {
    name: 'prints lines',
    make(random) {
      const [out, n] = [proseOf(random), random.below(4)];
      return {
        text: `prints ${n} line${n === 1 ? '' : 's'}`,
        subject: shellOf(out, 'x\n'),
        truth: countOf(out) === n,
      };
    },
  },
  {
    name: 'fails with',
    make(random) {
      const [sqlstate, message] = [random.of(['23505', '42P01']), proseOf(random).split('\n')[0] ?? ''];
      const words = random.of([...SOUGHT, ['23505'], ['42P01']]);
      const truth = sqlstate === words[0] || saysWords(message, words);
      return { text: `fails with "${words.join(' ')}"`, subject: { sqlstate, message }, truth };
    },
  },
);

export const KINDS: readonly Kind[] = kinds;
