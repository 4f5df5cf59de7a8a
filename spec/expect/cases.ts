import {
  type Cell,
  captured,
  cut,
  locks,
  looked,
  type Of,
  printed,
  refused,
  rows,
  touched,
} from './subjects.ts';

const one = (name: string, cell: Cell, type = 'text') => rows(type, [name], [cell]);
const names = (...all: string[]) => rows('name', ['name'], ...all.map((name) => [name]));
const ids = (count: number) => rows('int4', ['id'], ...Array.from({ length: count }, (_, i) => [String(i)]));
const status = (...all: Cell[]) => rows('text', ['status'], ...all.map((cell) => [cell]));
const n = (...all: Cell[]) => rows('int8', ['n'], ...all.map((cell) => [cell]));
const views = ['v_period_timeline', 'v_entity_timeline_summary', 'v_crawl_effectiveness_ranking'];
const perTopic = (count: string, topic = 'AI Safety Research') =>
  rows('text', ['name', 'content_count'], ['Climate', '3'], [topic, count]);
const pair = (a: Cell, b: Cell) => rows('int8', ['topics_with_content', 'topics_with_periods'], [a, b]);

/** A sentence, or several that say the same, with subjects of which it is true and subjects of which it is not. */
export type Case = [sentences: string[], good: Of[], bad: Of[]];

/** For each example of a sentence, of a quantity (`… rows`) and of a condition (`n …`). */
export const EXAMPLES: Case[] = [
  [['2 extensions'], [ids(2)], [ids(1), ids(3), ids(0)]],
  [['returns 4 rows', '4 rows', 'exactly 4 rows'], [ids(4)], [ids(3), ids(5), ids(40)]],
  [
    ['at least 3 rows', '3 or more rows'],
    [ids(3), ids(4)],
    [ids(2), ids(0)],
  ],
  [['at most 10 rows', 'up to 10 rows', '10 or fewer rows'], [ids(10), ids(0)], [ids(11)]],
  [['more than 3 rows', 'over 3 rows'], [ids(4)], [ids(3)]],
  [['fewer than 10 rows', 'under 10 rows'], [ids(9), ids(0)], [ids(10)]],
  [['between 1 and 5 rows'], [ids(1), ids(5)], [ids(0), ids(6)]],
  [['about 250 rows'], [ids(225), ids(275)], [ids(224), ids(276)]],
  [
    ['2 rows where status is ok', '2 rows with status = ok', '2 rows with status ok'],
    [status('ok', 'ok'), status('ok', 'bad', 'ok', null)],
    [status('ok'), status('ok', 'ok', 'ok'), status('bad', 'bad'), ids(2), status('ok', 'bad')],
  ],
  [['touches 2 rows', 'changes 2 rows'], [touched(2)], [touched(1), touched(3), touched(0)]],
  [
    [`3 regular views (${views.join(', ')})`],
    [names(...views), names(...views.toReversed())],
    [
      names(...views.slice(1)),
      names(...views, 'v_more'),
      names('v_other', ...views.slice(1)),
      names(views[0] as string, views[0] as string, views[0] as string),
    ],
  ],
  [
    ['exactly 3 rows (a, b and c)', 'returns 3 rows (a, b and c)'],
    [names('c', 'b', 'a')],
    [names('a', 'b', 'b and c'), names('a', 'b', 'b'), names('a', 'b', 'c', 'c'), names('a', 'b')],
  ],
  [
    ['1,234,567'],
    [one('n', '1234567', 'int8'), one('n', '1234567'), printed('1234567\n'), printed('1,234,567')],
    [
      one('n', '1234568', 'int8'),
      one('n', null, 'int8'),
      rows('int8', ['n'], ['1234567'], ['1234567']),
      rows('int8', ['n']),
      rows('int8', ['n', 'm'], ['1234567', '1234567']),
      ids(2),
      printed('1234567 rows\n'),
      printed(''),
      printed('', '1234567'),
      cut('stdout', '1234567\n'),
    ],
  ],
  [
    ['version_num is 20260301_0300'],
    [one('version_num', '20260301_0300')],
    [
      one('version_num', '20260301_0200'),
      one('version_num', null),
      one('version', '20260301_0300'),
      rows('text', ['version_num']),
      rows('text', ['version_num'], ['20260301_0300'], ['20260301_0300']),
      rows('text', ['version_num', 'version_num'], ['20260301_0300', 'x']),
      rows('text', ['version_num', 'version_num'], ['20260301_0300', '20260301_0300']),
    ],
  ],
  [
    ["content_count is 247 where name is 'AI Safety Research'"],
    [perTopic('247')],
    [
      perTopic('248'),
      perTopic('247', 'Other'),
      ids(1),
      rows('text', ['content_count', 'name', 'name'], ['247', 'AI Safety Research', 'AI Safety Research']),
      rows('text', ['content_count', 'name'], ...[1, 2].map(() => ['247', 'AI Safety Research'])),
    ],
  ],
  [
    ['every current_period_number is 0'],
    [rows('int4', ['current_period_number'], ['0'], ['0'])],
    [
      rows('int4', ['current_period_number'], ['0'], ['1']),
      rows('int4', ['current_period_number'], ['1'], ['0']),
      rows('int4', ['current_period_number']),
      one('current_period_number', null, 'int4'),
      ids(1),
      rows('int4', ['current_period_number', 'current_period_number'], ['0', '0']),
    ],
  ],
  [['all status are ok', 'each status is ok'], [status('ok', 'ok')], [status('ok', 'bad'), status()]],
  [
    ['topics_with_content equals topics_with_periods'],
    [pair('3', '3')],
    [
      pair('3', '2'),
      pair('3', null),
      pair(null, '3'),
      pair(null, null),
      ids(1),
      one('topics_with_content', '3'),
    ],
  ],
  [
    ['n is 4', 'n = 4', 'n == 4', 'n equals 4'],
    [n('4'), one('n', '4.0', 'numeric'), one('n', '4')],
    [n('5'), n('-4'), n('40'), n(null), n(), one('n', '4.0'), one('n', 'x', 'int8')],
  ],
  [
    ['n is not failed', 'n != failed', 'n <> failed'],
    [one('n', 'ok'), one('n', '')],
    [one('n', 'failed'), one('n', null), n('3'), n()],
  ],
  [
    ['n is at least 3', 'n >= 3', 'n is 3 or more'],
    [n('3'), n('4'), n('10'), one('n', '3.0', 'numeric'), one('n', '10'), one('n', 'Infinity', 'float8')],
    [n('2'), n('-3'), n(null), one('n', 'x'), one('n', ''), one('n', 'NaN', 'float8'), n('4', '5')],
  ],
  [
    ['n is at most 10', 'n <= 10', 'n is 10 or less'],
    [n('10'), n('9'), n('-20'), one('n', '-Infinity', 'float8')],
    [n('11'), n(null), one('n', 'x'), one('n', ''), one('n', '10.5', 'numeric'), one('n', 'NaN', 'float8')],
  ],
  [
    ['n is greater than 3', 'n > 3', 'n is above 3'],
    [n('4'), n('10')],
    [n('3'), n('2'), n(null)],
  ],
  [
    ['n is less than 10', 'n < 10', 'n is below 10'],
    [n('9'), n('-10'), one('n', '9.99', 'numeric')],
    [n('10'), n('11'), n(null)],
  ],
  [['n is between 1 and 5'], [n('1'), n('5'), n('3')], [n('0'), n('6'), n(null), n('-3')]],
  [
    ['n is about 250'],
    [n('225'), n('275'), n('250')],
    [n('224'), n('276'), n(null), one('n', '275.1', 'numeric'), one('n', '224.9', 'numeric')],
  ],
  [['n contains "b"'], [one('n', 'abc')], [one('n', 'ac'), one('n', null), one('n', 'B')]],
  [['n matches /^a/'], [one('n', 'abc')], [one('n', 'ba'), one('n', null), one('n', 'A')]],
  [
    ['fails with "23P01"'],
    [refused('23P01', 'conflicting key value')],
    [refused('23505', 'duplicate key value'), refused('23505', 'x23P01')],
  ],
  [
    ['locks: at most 2 s'],
    [locks(), locks(2000), locks(50, 1999), looked(2000)],
    [locks(2001), locks(10, 60_000, 20), looked(2001)],
  ],
  [['exits 1', 'exits with 1', 'exit status 1'], [printed('', '', 1)], [printed(''), printed('', '', 2)]],
  [
    ['prints nothing', 'no output'],
    [printed('')],
    [
      printed('\n'),
      printed('x'),
      printed('', 'a warning'),
      printed('', '\n'),
      cut('stdout', 'x'),
      cut('stderr', ''),
    ],
  ],
  [
    ['prints 5 lines'],
    [printed('1\n2\n3\n4\n5\n'), printed('1\n2\n3\n4\n5'), printed('1\n2\n3\n\n\n')],
    [printed('1\n2\n3\n4\n'), printed(''), printed('1\n2\n3\n4\n5\n6'), cut('stdout', '1\n2\n3\n4\n5\n')],
  ],
  [
    ['does not print "ERROR"', 'does not contain "ERROR"'],
    [printed('fine\n')],
    [
      printed('an ERROR\n'),
      printed('ERRORS\n'),
      printed('', 'ERROR'),
      cut('stdout', 'fine\n'),
      cut('stderr', 'fine\n'),
    ],
  ],
  [
    ['prints "healthy"'],
    [printed('is healthy\n'), cut('stdout', 'is healthy\n and so on'), printed('unhealthy, healthy')],
    [
      printed('is ill\n'),
      printed('', 'healthy'),
      printed('unhealthy'),
      printed('healthy_not'),
      printed('non-healthy'),
      printed('healthy-ish'),
      cut('stdout', 'is ill\n'),
      cut('stdout', 'is healthy'),
    ],
  ],
  [
    ['contains "atabase"', 'the output contains "atabase"'],
    [printed('a database\n'), cut('stdout', 'database')],
    [printed('data base'), printed('', 'database'), cut('stdout', 'data')],
  ],
  [
    ['complains "password authentication failed"'],
    [printed('', 'FATAL: password authentication failed for x')],
    [
      printed('password authentication failed'),
      cut('stderr', 'FATAL: too many'),
      printed('', 'password authentication failed2'),
    ],
  ],
];

/** Each of these was passed, or was read as something else, before its word was found to be wrong. */
export const FOUND: Case[] = [
  // A backtracking engine would take longer than the universe is old.
  [['n matches /^(a+)+b$/'], [one('n', 'aab')], [one('n', 'a'.repeat(100_000))]],
  [['1 user (a, b)'], [], [names('a'), names('a', 'b')]],
  [['n is 4.', ' n is 4 '], [n('4'), one('n', '4')], [n('5')]],
  [['n is 0.05'], [one('n', '0.050', 'numeric'), one('n', '5e-2', 'float8')], [one('n', '0.5', 'numeric')]],
  [['n < -3'], [n('-4'), n('-30'), one('n', '-3.5', 'numeric')], [n('-3'), n('-2'), n('0'), n('3')]],
  [['n > -3'], [n('-2'), n('0'), n('3')], [n('-3'), n('-4'), n('-30')]],
  [['n >= 120'], [n('120'), n('121'), n('1200')], [n('119'), n('13'), n('12')]],
  [['n is false', 'n is no'], [one('n', 'f', 'bool')], [one('n', 't', 'bool'), one('n', null, 'bool')]],
  [['n is yes'], [one('n', 't', 'bool')], [one('n', 'f', 'bool')]],
  [
    [`n is '{"b": 1, "a": [2]}'`],
    [one('n', '{"a": [2], "b": 1.0}', 'jsonb')],
    [one('n', '{"a": [2], "b": "1"}', 'jsonb'), one('n', '{"a": [2]}', 'jsonb')],
  ],
  [['3 rows', '3 users'], [{ ...ids(3), truncated: true }], [{ ...ids(4), truncated: true }]],
  [['touches 3 rows'], [{ ...touched(3), truncated: true }], []],
  [
    ['every id is not null', '3 rows where id is not null', '3 rows (0, 1, 2)'],
    [ids(3)],
    [{ ...ids(3), truncated: true }],
  ],
  [['1 row where n is null'], [n('1', null)], [n('1', '2')]],
  [['n is "1,234"'], [one('n', '1,234')], [n('1234')]],
  [
    ['prints "0 errors"'],
    [printed('0 errors\n'), printed('(0 errors)')],
    [printed('10 errors'), printed('1.0 errors')],
  ],
  [
    ['prints "failed: 1"'],
    [
      printed('failed: 1\n'),
      printed('failed: 1.'),
      printed('failed: 1, ok: 3'),
      printed('failed: 10, failed: 1;'),
    ],
    [printed('failed: 10'), printed('failed: 1.5'), printed('failed: 1,000'), printed('failed: 1k')],
  ],
  [
    ['prints "5"'],
    [printed('=5'), printed('"5"')],
    [printed('-5'), printed('a -5'), printed('.5'), printed('3.5'), printed('1,5')],
  ],
  [[`prints '"topics":[{'`], [printed('{"topics":[{"id":1}]}')], [printed('{"topics":[]}')]],
  [['2 users (a, b)'], [names('a', 'b')], [names('a', 'a'), names('a', 'a', 'b')]],
  [['3 users (a, b)'], [], [names('a', 'a', 'b'), names('a', 'b'), names('a', 'b', 'b')]],
  [['3 users (a, a, b)'], [names('a', 'b', 'a')], [names('a', 'b', 'b'), names('a', 'b')]],
  [['2 rows (1, 2)'], [n('2', '1'), rows('numeric', ['n'], ['1.0'], ['2'])], [n('1', '3'), n('1', null)]],
  [
    ['2 rows (null, "null")'],
    [rows('text', ['x'], [null], ['null'])],
    [rows('text', ['x'], ['null'], ['null'])],
  ],
  [
    ['2 functions ("f(int, int)", g(text, int))'],
    [names('f(int, int)', 'g(text, int)')],
    [names('f(int', 'int)')],
  ],
  [
    ['"My Count" is 3'],
    [one('My Count', '3', 'int8')],
    [one('My', '3', 'int8'), one('My Count', '4', 'int8')],
  ],
  [['?column? is 3', '"?column?" is 3'], [one('?column?', '3', 'int4')], [one('?column?', '4', 'int4')]],
  [['n is 9007199254740993', 'n >= 9007199254740993'], [n('9007199254740993')], [n('9007199254740992')]],
  [['n > 9007199254740992'], [n('9007199254740993')], [n('9007199254740992')]],
  [['n is 1,234,567'], [n('1234567'), one('n', '1234567.0', 'numeric')], [n('1234568')]],
  [
    [`n is '{"id": 9007199254740993}'`],
    [one('n', '{"id":9007199254740993}', 'jsonb')],
    [one('n', '{"id":9007199254740992}', 'jsonb')],
  ],
  [['n is "null"'], [one('n', 'null'), one('n', 'null', 'jsonb')], [one('n', null)]],
  [['at least 1 row with status ok'], [status('bad', 'ok')], [status('bad', 'bad'), status()]],
  [['no rows where status is bad'], [status('ok'), status()], [status('ok', 'bad')]],
  [['No rows', 'no rows'], [ids(0), touched(0)], [ids(1)]],
  [['three rows', '3 rows', '(3 rows)'], [ids(3)], [ids(2)]],
  [['n is not null where status is ok'], [], [ids(1), status('ok')]],
  [['n is not null'], [n('0'), one('n', '')], [n(null), n()]],
  [['n is not 0'], [n('1'), one('n', '', 'text')], [n('0'), n(null)]],
  [['n is true'], [one('n', 't', 'bool'), one('n', 'true')], [one('n', 'f', 'bool'), one('n', null, 'bool')]],
  [['n is about -10'], [n('-9'), n('-11')], [n('-12'), n('10'), n('-8')]],
  [['n matches /^A/i'], [one('n', 'abc')], [one('n', 'ba')]],
  [['prints no lines'], [printed('', 'a warning'), printed('')], [printed('\n')]],
  [
    ['fails with "does not exist"'],
    [refused('42P01', 'relation "x" does not exist')],
    [refused('42P01', 'x does not existing')],
  ],
  [['does not print "fine"'], [printed('', '')], [{ ...printed('x\nfine'), stderr: captured('y') }]],
];

/** What says more than anybody would judge, or what no sentence says. */
export const UNREAD = [
  'every x is not null or empty',
  'x is 3 or 4',
  'x is at least 3 where y is 2 and z is 3',
  'x is not',
  'x is',
  '',
  'prints "a" and "b"',
  'x is not ok,',
  `x is 'it`,
  'at least 3 rows and at most 5',
  '3 rows or none',
  '2 rows, at least 1 of them new',
  '2 rows with no errors',
  'at least 1 row with an error',
  '1 row: version is right',
  '3 rows: x, y, z',
  '2 rows matching ok',
  '2 rows named bob',
  '1 user named bob',
  '2 tables in state failed',
  '2 rows failed',
  '2 rows in state failed',
  '2 rows in error',
  '2 users active',
  '1 user active',
  '3 users have logged in',
  '3 users exist',
  '2 services all running',
  '2 tables of which 1 is new',
  '4 rows = ok',
  'no rows of any kind',
  'no tables without an index',
  'no user who is locked',
];

/** What says how many of what, and nothing else. */
export const NOUNS = [
  '3 rows',
  '1 row',
  '4 rows returned',
  '4 period tables',
  '1 materialized view',
  '5 new columns on topics',
  '1 column on chat_messages',
  '2 sales orders',
  '3 indexes',
  'no orphaned contents',
  '2 rules in the table',
];

/** What could never be false, or never be true. */
export const OBJECTED = [
  'locks: at most 99 ms',
  'at least 0 rows',
  'fewer than 0 rows',
  'between 5 and 1 rows',
  'at least 0 rows where x is 1',
  '2 rows where x is not empty',
  'every x is not empty',
  'x is not zero',
  'x is between 5 and 1',
  'x is about 0',
  'x contains ""',
  'x matches /[/',
  'x matches /.*/',
  'x matches /(?=a)b/',
  'x is 3 where y contains ""',
  'all x are not empty',
  'x equals x',
  'contains ""',
];

/** What a shell prints, and what is true of the rows that it is read as; where it is none, nothing is. */
export const JSON_ROWS: [output: string, text: string, truth: boolean][] = [
  ['{"a": true}', 'a is true', true],
  ['{"a": true}', 'a is false', false],
  ['{"a": "x"}', 'a is x', true],
  ['{"a": "3"}', 'a is 3.0', false],
  ['{"a": 3}', 'a is 3.0', true],
  ['{"a": [1]}', 'a is [1.0]', true],
  ['{"a": [1]}', 'a is [2]', false],
  ['{"a": 1}\n{"a": 2}\n', '2 rows (1, 2)', true],
  ['{"a": 1}\n\n{"a": 2}', 'every a is at least 1', true],
  ['[{"a": 1}, {"a": "1"}]', 'every a is 1', false],
  ['[{"a": null}, {"a": 3}]', '1 row where a is 3.0', true],
  ['[{"a": 1}, {"b": 1}]', '1 row where b is null', true],
  ['[{"a": null}]', 'a is null', true],
  ['[]', 'no rows', true],
  ['', 'no rows', false],
  ['\n', 'no rows', false],
  ['[1, {"a": 1}]', '2 rows', false],
  ['{"a": 1}\nnoise', '1 row', false],
  ['{"a": 1, "a": 2}', '1 row', false],
  ['[{"a": 1}, {"a": "x"}]', '2 rows (1, x)', true],
  ['{"a": 9007199254740993}', 'a is 9007199254740992', false],
];
