import { expect, it } from 'vitest';
import { jsonRows } from '../../tools/expect/json-rows.ts';

it('an object is one row, its keys the columns', () => {
  expect(jsonRows('{"status":"ok","total":3,"ready":true,"tags":["a"],"none":null}\n')).toEqual({
    columns: [
      { name: 'status', type: 'text' },
      { name: 'total', type: 'number' },
      { name: 'ready', type: 'bool' },
      { name: 'tags', type: 'json' },
      { name: 'none', type: 'text' },
    ],
    rows: [['ok', '3', 'true', '["a"]', null]],
    rowCount: 1,
    truncated: false,
  });
});

it('an array is many rows, with the keys of all', () => {
  expect(jsonRows('[{"a":1},{"b":"x"}]')?.rows).toEqual([
    ['1', null],
    [null, 'x'],
  ]);
  expect(jsonRows('[]')?.rowCount).toBe(0);
});

it('so are lines of objects', () => {
  expect(jsonRows('{"Service":"api"}\n\n{"Service":"redis"}\n')?.rows).toEqual([['api'], ['redis']]);
});

it.each(['', 'ok', '10', '[1, 2]', '"text"', 'null', '[null]', '{"a":1} trailing', '{"a":1}\nnot json'])(
  '%j is none',
  (text) => {
    expect(jsonRows(text)).toBeNull();
  },
);
