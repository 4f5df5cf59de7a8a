import { describe, expect, it } from 'vitest';
import { isSame, misfitOf, parseLiteral, parseNames } from '../../tools/expect/literal.ts';

const same = (source: string, cell: string | null, type: string) => isSame(parseLiteral(source), cell, type);

describe('a value is compared as its column’s type', () => {
  it.each([
    ['9007199254740993', '9007199254740993', 'int8'],
    ['1056.5', '1056.50', 'numeric'],
    ['1056.50', '1056.5', 'float8'],
    ['007', '7', 'int4'],
    ['+3', '3', 'int4'],
    ['-0', '0', 'int4'],
    ['0.10', '.1e0', 'float8'],
    ['1e3', '1000', 'float8'],
    ['NaN', 'NaN', 'float8'],
    ['true', 't', 'bool'],
    ['No', 'f', 'bool'],
    ['null', null, 'text'],
    ['NULL', null, 'int4'],
    ['"null"', 'null', 'text'],
    ["''", '', 'text'],
    ['"a b"', 'a b', 'text'],
    [`'{"b": 1, "a": [1, 2]}'`, '{"a": [1,2], "b": 1}', 'jsonb'],
    ['[]', '[]', 'json'],
    ['2025-01-15', '2025-01-15', 'date'],
    ['1,234,567', '1234567', 'int8'],
    ['1e400', '10e399', 'numeric'],
    ['{"a":1.0}', '{"a": 1}', 'jsonb'],
    ['abc', '"abc"', 'jsonb'],
    ['inf', 'Infinity', 'float8'],
  ])('%s is %s as %s', (source, cell, type) => {
    expect(same(source, cell, type)).toBe(true);
  });

  it.each([
    ['9007199254740993', '9007199254740992', 'int8'],
    ['10', '1', 'int4'],
    ['1', '10', 'int4'],
    ['1.5', '15', 'numeric'],
    ['-3', '3', 'int4'],
    ['7', '7.0', 'text'],
    ['null', 'null', 'text'],
    ['"null"', null, 'text'],
    ['0', null, 'int4'],
    ["''", null, 'text'],
    ['false', 't', 'bool'],
    ['1', 't', 'bool'],
    ['zero', '0', 'int4'],
    ["''", '0', 'int4'],
    ['NaN', '0', 'float8'],
    ['{"a":1}', '{"a":2}', 'jsonb'],
    ['{"a":1}', '{"a":"1"}', 'jsonb'],
    ['[1,2]', '[2,1]', 'jsonb'],
    ['A', 'a', 'text'],
    ['{"a":9007199254740993}', '{"a":9007199254740992}', 'json'],
    ['1e400', '1e401', 'numeric'],
    ['0.1', '0.10000000000000000001', 'numeric'],
    ['-1', '1', 'float8'],
    ['-Infinity', 'Infinity', 'float8'],
    ['3', '"3"', 'jsonb'],
    ['1,23', '123', 'int4'],
  ])('%s is not %s as %s', (source, cell, type) => {
    expect(same(source, cell, type)).toBe(false);
  });

  it.each([
    ['zero', 'int4', false],
    ['maybe', 'bool', false],
    ['3', 'int4', true],
    ['null', 'bool', true],
    ['anything', 'text', true],
  ])('%s could be a value of %s: %s', (source, type, could) => {
    expect(misfitOf(parseLiteral(source), type) === null).toBe(could);
  });
});

it('names are parted by commas, but for those in quotes', () => {
  expect(parseNames(`a, "b, c",'d' , e f`).map(({ text }) => text)).toEqual(['a', 'b, c', 'd', 'e f']);
});

it.each([
  ['a, b and c', ['a', 'b', 'c']],
  ['a, b, and c', ['a', 'b', 'c']],
  ['a and b', ['a', 'b']],
  ['salt and pepper, oil', ['salt and pepper', 'oil']],
  ['oil, "salt and pepper"', ['oil', 'salt and pepper']],
  ['f(int, text), g', ['f(int, text)', 'g']],
  ["O'Brien, b", ["O'Brien", 'b']],
])('%s are the names %j', (source, names) => {
  expect(parseNames(source).map(({ text }) => text)).toEqual(names);
});
