import { expect, it } from 'vitest';
import { library } from './judge-library.ts';
import { is, Random } from './second-reading.ts';
import { type Cell, printed } from './subjects.ts';

const PAIRS = 10_000;

/** Something shown, what it is compared with, and both readings of whether it is true. */
interface Pair {
  shown: unknown;
  of: unknown;
  truth: boolean;
  judged: boolean;
}

/**
 * Whether values are what a list shows, where a missing pattern stands for any of them. Every way to divide them is tried,
 * which nothing but a second reading should do.
 */
function fitsList<P, V>(shown: (P | null)[], values: V[], fits: (shown: P, value: V) => boolean): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return values.length === 0;
  if (first !== null)
    return values.length > 0 && fits(first, values[0] as V) && fitsList(rest, values.slice(1), fits);
  return [...values, null].some((_, i) => fitsList(rest, values.slice(i), fits));
}

const times = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: random.below(most + 1) }, make);

const CELLS: Record<string, Cell[]> = {
  numeric: ['0', '1', '2', '2.5', '-1', null],
  text: ['a', 'b', '', '1', 'null', null],
  bool: ['t', 'f', null],
};
/** How a table may show each of some cells. */
const SHOWN = ['0', '1', '1.0', '2', '2.50', '-1', 'a', 'b', '', '"1"', 'null', '"null"', 'true', 'false'];

function table(random: Random): Pair {
  const columns = ['n', 'name', 'ok'].slice(0, 1 + random.below(3)).map((name) => ({
    name,
    type: random.of(Object.keys(CELLS)),
  }));
  const rows = times(random, 3, () => columns.map(({ type }) => random.of(CELLS[type] as Cell[])));
  // In another order than the result has them, and perhaps not all of them.
  const head = columns.filter(() => random.below(4) > 0).sort(() => random.below(3) - 1);
  if (head.length === 0) head.push(columns[0] as (typeof columns)[number]);
  const asShown = (cell: Cell, type: string) =>
    cell === null ? 'null' : type === 'bool' ? (cell === 't' ? 'true' : 'false') : cell;
  const body = rows
    .filter(() => random.below(10) > 0)
    .flatMap((row) => {
      const shown = head.map((column) => {
        const cell = asShown(row[columns.indexOf(column)] as Cell, column.type);
        const chance = random.below(20);
        return chance === 0 ? random.of(SHOWN) : chance < 4 ? '...' : cell;
      });
      return random.below(6) === 0 ? [shown, head.map(() => '...')] : [shown];
    });
  const lines = body.map((line) => (line.every((cell) => cell === '...') ? null : line));
  const truth = fitsList(lines, rows, (line, row) =>
    line.every((shown, i) => {
      const column = head[i] as (typeof head)[number];
      const cell = row[columns.indexOf(column)] as Cell;
      if (shown === '...') return true;
      return shown === '' ? cell === null || cell === '' : is(shown, cell, column.type);
    }),
  );
  const names = head.map(({ name }) => name);
  const { assertion } = library.compileTable(names, body);
  const result = { columns, rows, rowCount: rows.length, truncated: false };
  return { shown: [names, ...body], of: result, truth, judged: library.judgeRows(assertion, result).passed };
}

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** What a fence shows: a value, or null for `...`. */
type Shown = { is: Exclude<Value, object> } | { list: (Shown | null)[] } | { keys: [string, Shown | null][] };

const KEYS = ['a', 'b', 'c'];

function anyValue(random: Random, depth: number): Value {
  const kind = random.below(depth > 0 ? 6 : 4);
  if (kind === 4) return times(random, 3, () => anyValue(random, depth - 1));
  if (kind === 5)
    return Object.fromEntries(
      KEYS.filter(() => random.below(2) > 0).map((key) => [key, anyValue(random, depth - 1)]),
    );
  return random.of<Value>([0, 1, 2, '1', 'x', '...', true, null]);
}

/** What shows a value, or one that is near to it; null for `...`. */
function shownOf(random: Random, value: Value): Shown | null {
  const chance = random.below(24);
  if (chance < 3) return null;
  if (chance === 3) return shownOf(random, anyValue(random, 1));
  if (Array.isArray(value))
    return {
      list: value.flatMap((one) =>
        random.of([[one], [one], [one], [one], [one, one], []]).map((each) => shownOf(random, each)),
      ),
    };
  if (typeof value !== 'object' || value === null) return { is: value };
  return {
    keys: Object.entries(value)
      .filter(() => random.below(3) > 0)
      .map(([key, one]) => [random.below(20) === 0 ? random.of(KEYS) : key, shownOf(random, one)] as const)
      .filter(([key], i, all) => all.findIndex(([other]) => other === key) === i)
      .map(([key, one]) => [key, one]),
  };
}

const written = (shown: Shown | null): string => {
  if (shown === null) return '...';
  if ('is' in shown) return JSON.stringify(shown.is);
  if ('list' in shown) return `[${shown.list.map(written).join(', ')}]`;
  return `{${shown.keys.map(([key, one]) => `${JSON.stringify(key)}: ${written(one)}`).join(', ')}}`;
};

function holds(shown: Shown | null, value: Value): boolean {
  if (shown === null) return true;
  if ('is' in shown) return shown.is === value;
  if ('list' in shown) return Array.isArray(value) && fitsList(shown.list, value, holds);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return shown.keys.every(([key, one]) => key in value && holds(one, value[key] as Value));
}

function jsonOfShell(random: Random): Pair {
  const value = anyValue(random, 3);
  const shown = shownOf(random, value);
  const text = written(shown);
  const judged = library.compileJson(text)?.assertion.judge.printed(printed(`${JSON.stringify(value)}\n`));
  return { shown: text, of: value, truth: holds(shown, value), judged: judged?.passed ?? false };
}

function jsonOfRows(random: Random): Pair {
  const rows = times(random, 3, () => ['1', random.of(['x', 'y', null]), random.of(['t', 'f'])]);
  const objects = rows.map(([, name, ok]): Value => ({ a: 1, b: name as Cell, c: ok === 't' }));
  const value = objects.length === 1 && random.below(2) > 0 ? (objects[0] as Value) : objects;
  const shown = shownOf(random, value);
  const compiled = library.compileJson(written(shown));
  const result = {
    columns: ['numeric', 'text', 'bool'].map((type, i) => ({ name: KEYS[i] as string, type })),
    ...{ rows, rowCount: rows.length, truncated: false },
  };
  const passed = compiled !== null && library.judgeRows(compiled.assertion, result).passed;
  // One row is an object, or an array of one.
  const truth = holds(shown, objects) || (objects.length === 1 && holds(shown, objects[0] as Value));
  return { shown: written(shown), of: rows, truth, judged: passed };
}

it.each([
  ['a table', table],
  ['a json fence, of what a shell prints', jsonOfShell],
  ['a json fence, of rows', jsonOfRows],
])('%s: two readings agree, of what is true and of what is not', (_, make) => {
  const random = new Random(1);
  const counts = { true: 0, false: 0 };
  for (let i = 0; i < PAIRS; i++) {
    const { truth, judged, ...pair } = make(random);
    if (judged !== truth) expect({ ...pair, judged }).toEqual({ ...pair, judged: truth });
    counts[`${truth}`]++;
  }
  // A reading that is never true, or always, would agree with a judge that does not look.
  expect(Math.min(counts.true, counts.false)).toBeGreaterThan(PAIRS / 20);
});
