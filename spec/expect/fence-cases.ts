import type { ResultSet } from '../../tools/expect/subject.ts';
import { rows } from './subjects.ts';

/** The lines of a fence, an output, and whether it fits. */
export const FENCES: [fence: string, output: string, fits: boolean][] = [
  ['a', 'a\n', true],
  ['a', 'b\n', false],
  ['a', '', false],
  ['', '\n', true],
  ['a ', 'a\n', false],
  ['a (equal)', 'a\n', true],
  ['a (glob) (equal)', 'a (glob)\n', true],
  ['a? (glob)', 'ab\n', true],
  ['a? (glob)', 'a\n', false],
  ['a* (gl)', 'abc\n', true],
  ['[a.+] * (gl)', '[a.+] b\n', true],
  ['[a.+] * (gl)', 'a b\n', false],
  ['b+ (regex)', 'bb\n', true],
  ['b+ (re)', 'abb\n', false],
  ['a|b (regex)', 'ac\n', false],
  ['a\\tb\\x1b\\\\ (escaped)', 'a\tb\u001b\\\n', true],
  ['a\\tb (esc)', 'a\\tb\n', false],
  ['a (equal?)\nb', 'b\n', true],
  ['a (equal?)\nb', 'a\na\nb\n', false],
  ['a (equal*)\nb', 'a\na\nb\n', true],
  ['a (equal*)\nb', 'b\n', true],
  ['a (equal*)\nb', 'a\nc\nb\n', false],
  ['a* (glob+)\nb', 'b\n', false],
  ['a* (glob+)\nb', 'a1\na2\nb\n', true],
  ['a\n...\nz', 'a\nz\n', true],
  ['a\n...\nz', 'a\nm\nn\nz\n', true],
  ['a\n...\nz', 'a\nm\n', false],
  ['Backup of <name>', 'Backup of shop\n', true],
  ['Backup of <name>', 'Backup of / failed\n', false],
  ['Backup of <name...>', 'Backup of / failed\n', true],
  ['Backup of <name...>', 'Backup of \n', false],
  ['[<name...>]', '[ a]\n', false],
  ['[<name...>]', '[a ]\n', false],
  ['<n> in, <n> out', '12 in, 12 out\n', true],
  ['<n> in, <n> out', '12 in, 1 out\n', false],
  ['<n> in\n<n> out', '12 in\n13 out\n', false],
  ['<n>.<m>', '1.2\n', true],
  ['<n>.<m>', '1x2\n', false],
];

/** Lines that are neither so many of a line nor text. */
export const AMBIGUOUS = ['Continue (?)', 'all files (*)', 'a (+)'];

const ROWS: ResultSet = {
  ...rows('text', ['n', 'name'], ['1', 'a b'], ['20', null]),
  columns: [
    { name: 'n', type: 'int4' },
    { name: 'name', type: 'text' },
  ],
};
const THREE = { ...ROWS, rows: [...ROWS.rows, ['3', 'c']], rowCount: 3 };
const TWICE = { ...ROWS, columns: ROWS.columns.map((column) => ({ ...column, name: 'n' })) };

/** A table, head first, a result, and whether it fits. */
export const TABLES: [table: string[][], result: ResultSet, fits: boolean][] = [
  [[['n'], ['...'], ['3']], THREE, true],
  [
    [
      ['n', 'name'],
      ['2', '...'],
      ['20', ''],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
      ['20', ''],
    ],
    ROWS,
    true,
  ],
  [
    [
      ['n', 'name'],
      ['1.0', '"a b"'],
      ['20', 'null'],
    ],
    ROWS,
    true,
  ],
  [[['name'], ['a b'], ['']], ROWS, true],
  [
    [
      ['n', 'name'],
      ['1', '...'],
      ['...', ''],
    ],
    ROWS,
    true,
  ],
  [
    [
      ['n', 'name'],
      ['...', '...'],
      ['20', ''],
    ],
    ROWS,
    true,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
      ['…', '…'],
      ['20', ''],
    ],
    ROWS,
    true,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
      ['20', ''],
      ['...', '...'],
    ],
    ROWS,
    true,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
      ['...', '...'],
    ],
    ROWS,
    true,
  ],
  [[['n'], ['...'], ['1'], ['...'], ['20']], ROWS, true],
  [
    [
      ['n', 'name'],
      ['1', 'a c'],
      ['20', ''],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['20', ''],
      ['1', 'a b'],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
      ['20', ''],
      ['21', ''],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['1', ''],
      ['20', ''],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['1', 'a b'],
      ['20', '"null"'],
    ],
    ROWS,
    false,
  ],
  [
    [
      ['n', 'name'],
      ['20', ''],
      ['...', '...'],
    ],
    ROWS,
    false,
  ],
  [[['m'], ['1'], ['20']], ROWS, false],
  [[['n'], ['1'], ['20']], TWICE, false],
  [[['n']], ROWS, false],
  [[['n']], { ...ROWS, rows: [], rowCount: 0 }, true],
  [[['n'], ['1'], ['20']], { ...ROWS, truncated: true }, false],
];

/** A json fence, an output, and whether it fits. */
export const JSONS: [fence: string, output: string, fits: boolean][] = [
  ['{"a": 1, "b": 2}', '{"a": 1, "b": 3}', false],
  ['{"a": 1, "b": 2}', '{"a": 1}', false],
  ['{"a": 1}', '{"b": 2, "a": 1.0}', true],
  ['{"a": ..., "b": [1, ...]}', '{"a": null, "b": [1, 2, 3]}', true],
  ['{"a": 1, ...}', '{"a": 1}', true],
  ['[..., {"id": 3}, ...]', '[{"id": 1}, {"id": 3, "x": 1}]', true],
  ['[]', '[]', true],
  ['{"id": 9007199254740993}', '{"id": 9007199254740993}', true],
  ['[{"a": 1}, {"a": 2}]', '{"a": 1}\n{"a": 2}\n', true],
  ['{"say": "a ... b"}', '{"say": "a ... b"}', true],
  ['4', '4\n', true],
  ['{"a": {"b": [..., 2]}}', '{"a": {"b": [2], "c": 1}}', true],
  ['[..., 2]', '[2, 2]', true],
  ['{"a": true}', '{"a": true}', true],
  ['{"a": 1}', '{"a": 2}', false],
  ['{"a": 1}', '{"a": "1"}', false],
  ['{"a": ...}', '{"b": 1}', false],
  ['{"a": null}', '{}', false],
  ['[1, ...]', '[2, 1]', false],
  ['[1, 2]', '[1, 2, 3]', false],
  ['[1, 2]', '[1]', false],
  ['[..., 2]', '[1, 2, 3]', false],
  ['[]', '[1]', false],
  ['{"id": 9007199254740993}', '{"id": 9007199254740992}', false],
  ['{"a": 1}', 'a: 1', false],
  ['{"a": 1}', '{"a": 1} and more', false],
  ['{"a": 1}', '{"a": 1}\n{"a": 1}', false],
  ['{"a": [1]}', '{"a": 1}', false],
  ['{"a": 1}', '[{"a": 1}]', false],
  ['[{"a": 1}]', '{"a": 1}', false],
  ['[1]', '[[1]]', false],
  ['{"a": 1}', '', false],
];

/** A json fence, a result set, and whether it fits. */
export const JSONS_OF_ROWS: [fence: string, result: ResultSet, fits: boolean][] = [
  ['[{"n": 1, "name": "a b"}, {"n": 20, "name": null}]', ROWS, true],
  ['[{"n": 1}, ...]', ROWS, true],
  ['[{"n": 2}, ...]', ROWS, false],
  ['{"n": 1}', ROWS, false],
  ['[{"n": "1"}, ...]', ROWS, false],
  ['{"n": 1}', { ...ROWS, rows: ROWS.rows.slice(0, 1), rowCount: 1 }, true],
  ['[{"n": 1}]', { ...ROWS, rows: ROWS.rows.slice(0, 1), rowCount: 1 }, true],
  ['{"n": 1}', { ...TWICE, rows: ROWS.rows.slice(0, 1), rowCount: 1 }, false],
  ['{"a": 1}', rows('jsonb', ['j'], ['{"a": 1, "b": 2}']), true],
  ['{"j": {"a": 1}}', rows('jsonb', ['j'], ['{"a": 1}']), false],
  ['[{"j": {"a": 1}}, ...]', rows('jsonb', ['j'], ['{"a": 1}'], ['2']), true],
  ['{"ok": true, "no": false}', rows('bool', ['ok', 'no'], ['t', 'f']), true],
  ['{"ok": false}', rows('bool', ['ok', 'no'], ['t', 'f']), false],
  ['{"ok": null}', rows('bool', ['ok', 'no'], [null, 'f']), true],
  ['[]', { ...ROWS, rows: [], rowCount: 0 }, true],
  ['[...]', { ...ROWS, truncated: true }, false],
];

/** What any output would fit. */
export const EMPTY_JSONS = ['{}', '{...}', '...', '[...]', '[..., ...]'];
export const EMPTY_TABLES = [
  [['n'], ['...']],
  [
    ['n', 'm'],
    ['...', '…'],
    ['...', '...'],
  ],
];
