import { describe, expect, it } from 'vitest';
import type { Document } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { judge } from '../../tools/outcome/judge.ts';
import type { Output, ShellOutput, SqlOutput } from '../../tools/outcome/output.ts';
import { rewrite } from '../../tools/outcome/rewrite.ts';
import { applyEdits } from '../../tools/text/edit.ts';

const parse = (bytes: Uint8Array): Document => parseDocument('runbook.md', bytes, HOST_KINDS);

/** What becomes of a page when its only block has given this. */
function rewritten(page: string, output: Output) {
  const bytes = Buffer.from(page);
  const document = parse(bytes);
  expect(document.problems).toEqual([]);
  const [block] = document.blocks;
  if (!block) throw new Error('no block stands there');
  const outcome = judge(block, output, { examples: true });
  const { edits, left } = rewrite(bytes, document, [{ block, output, outcome }], parse);
  return { text: applyEdits(page, edits), left: left.map(({ line }) => line) };
}

const printed = (text: string, exitCode = 0, complaint = ''): ShellOutput => ({
  kind: 'shell',
  exitCode,
  timedOut: false,
  interrupted: false,
  stdout: { text, bytes: text.length, truncated: false },
  stderr: { text: complaint, bytes: complaint.length, truncated: false },
  exports: {},
  durationMs: 1,
});

const returned = (columns: string[], rows: string[][], type = 'text'): SqlOutput => ({
  kind: 'sql',
  results: [
    {
      title: 'a query',
      command: 'SELECT',
      columns: columns.map((name) => ({ name, type })),
      rows,
      rowCount: rows.length,
      truncated: false,
      durationMs: 1,
    },
  ],
  refusal: null,
  timedOut: false,
  interrupted: false,
  durationMs: 1,
});

const page = (language: string, code: string, ...expected: string[]) =>
  ['# Shop', '', `\`\`\`${language} { name=ask }`, code, '```', '', ...expected, ''].join('\n');
const sql = (sentence: string) => page('sql', 'SELECT 1', '**Expected output:**', '', `- ${sentence}`);
const sh = (...lines: string[]) => page('sh', 'true', '**Expected output:**', '', ...lines);
const fence = (...lines: string[]) => sh('```text', ...lines, '```');

describe('a sentence keeps its words, and says what was seen', () => {
  const rows = returned(
    ['name', 'size'],
    [
      ['a_1', '7'],
      ['b_2', '12'],
    ],
  );
  const one = returned(['n', 'state'], [['41', 'almost done']], 'text');

  it.each([
    ['a count', '3 tables', '2 tables', rows],
    ['a count and names, in their order', '3 tables (b_1, a_1, c)', '2 tables (b_2, a_1)', rows],
    ['a name that comes', '1 table (a_1)', '2 table (a_1, b_2)', rows],
    ['a bound', 'at least 3 rows', 'at least 2 rows', rows],
    ['the bound of every cell', 'every size is at least 9', 'every size is at least 7', rows],
    ['a value', 'n is 40', 'n is 41', one],
    ['a value beside a comment', 'n is <!-- 40 -->40', 'n is <!-- 40 -->41', one],
    ['a value behind a tick', '✔️ n is 40', '✔️ n is 41', one],
    ['a value with blanks', 'state is done', 'state is "almost done"', one],
    ['a value in quotes', "state is 'done'", "state is 'almost done'", one],
    [
      'a value of a row that is named',
      "size is 8 where name is 'a_1'",
      "size is 7 where name is 'a_1'",
      rows,
    ],
    ['Markdown around it', '✅ **3** `tables` (`b_1`, a\\_1)', '✅ **2** `tables` (`b_2`, a\\_1)', rows],
  ])('%s', (_, before, after, output) => {
    expect(rewritten(sql(before), output)).toEqual({ text: sql(after), left: [] });
  });

  it.each([
    ['a status', 'exits 1', 'exits 3', printed('', 3)],
    ['a number of lines', 'prints 1 line', 'prints 2 line', printed('a\nb\n')],
    [
      'a text that differs in numbers',
      'prints "3 of 4 done"',
      'prints "4 of 5 done"',
      printed('so 4 of 5 done.\n'),
    ],
    ['a complaint', 'complains "line 1"', 'complains "line 2"', printed('', 0, 'at line 2\n')],
  ])('%s', (_, before, after, output) => {
    expect(rewritten(sh(`- ${before}`), output)).toEqual({ text: sh(`- ${after}`), left: [] });
  });

  it.each([
    ['does not print "ERROR 5"', printed('ERROR 5\n')],
    ['prints "healthy"', printed('ill\n')],
    ['prints "1 row"', printed('2 row, 3 row\n')],
  ])('%s has no one right remedy', (sentence, output) => {
    expect(rewritten(sh(`- ${sentence}`), output)).toEqual({ text: sh(`- ${sentence}`), left: [9] });
  });
});

describe('a fence keeps its patterns, and says what was printed', () => {
  it.each([
    ['a line', ['a', 'b 1', 'c'], 'a\nb 2\nc\n', ['a', 'b 2', 'c']],
    ['a line more and one less', ['a', 'b', 'c'], 'a\nc\nd\n', ['a', 'c', 'd']],
    ['an empty fence', [], 'a\n', ['a']],
    ['a fence of which nothing is left', ['a'], '', []],
    ['captures', ['took <n> files of 3', 'z'], 'took x files of 4\nz\n', ['took <n> files of 4', 'z']],
    ['globs', ['pre_*_01 3 (glob)'], 'pre_x_02 4\n', ['pre_*_02 4 (glob)']],
    ['globs that may be missing', ['pre_01 * (glob?)', 'a'], 'pre_02 x\na\n', ['pre_02 * (glob?)', 'a']],
    ['gaps', ['n 1', '...', 'm 2'], 'n 3\nx\ny\nm 4\n', ['n 3', '...', 'm 4']],
    [
      'lines that look like patterns',
      ['a'],
      '...\nb (glob)\n<n>\nOn (?)\na( (regex)\n',
      ['... (equal)', 'b (glob) (equal)', '<n> (equal)', 'On (?) (equal)', 'a( (regex) (equal)'],
    ],
    ['lines that would end it', ['a'], '```\nb\r\n', ['\\x60`` (escaped)', 'b\\x0d (escaped)']],
    ['lines that may be missing', ['a 1', 'b (equal?)', 'c'], 'a 2\nc\n', ['a 2', 'b (equal?)', 'c']],
  ])('%s', (_, before, output, after) => {
    expect(rewritten(fence(...before), printed(output))).toEqual({ text: fence(...after), left: [] });
  });

  it('a pattern that no number mends is left', () => {
    for (const line of ['took <n> files', '*.dump (glob)', '\\d (regex)'])
      expect(rewritten(fence(line), printed('none\n'))).toEqual({ text: fence(line), left: [10] });
  });
});

describe('every other byte stays', () => {
  const expected = ['> **Expected output:**', '>', '> ```text', '> a 1\t', '> ```'];
  const quoted = (n: number) => page('sh', 'true', '', ...expected).replace('a 1', `a ${n}`);

  it.each([
    ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte-order mark', (text: string) => `\ufeff${text}`],
    ['no line end at the end', (text: string) => text.trimEnd()],
  ])('%s', (_, as) => {
    expect(rewritten(as(fence('a', 'b 1')), printed('a\nb 2\nc\n')).text).toBe(as(fence('a', 'b 2', 'c')));
    expect(rewritten(as(sql('1 row')), returned(['a'], [])).text).toBe(as(sql('0 row')));
  });

  it('quotation marks and tabs', () => {
    expect(rewritten(quoted(1), printed('a 2\t\n')).text).toBe(
      quoted(2).replace('a 2\t', 'a 2\\x09 (escaped)'),
    );
  });

  it('a secret is written nowhere', () => {
    expect(rewritten(fence('a 1'), printed('***\n'))).toEqual({ text: fence('a 1'), left: [10] });
  });
});

it('a pattern of any number of lines stays where it has none, and the lines beside it change', () => {
  const source = fence('warning * (glob*)', 'made 3', 'end');
  expect(rewritten(source, printed('note\nmade 4\nend\n'))).toEqual({
    text: fence('note', 'warning * (glob*)', 'made 4', 'end'),
    left: [],
  });
});

it('says of each pattern that no number mends where it stands, and what was printed in its place', () => {
  const source = fence('begin', 'made [0-9]+ (regex)', 'in * s (glob)', 'end');
  const bytes = Buffer.from(source);
  const document = parse(bytes);
  const output = printed('begin\nbroken\nend\n');
  const [block] = document.blocks;
  if (!block) throw new Error('no block stands there');
  const outcome = judge(block, output, { examples: true });
  expect(rewrite(bytes, document, [{ block, output, outcome }], parse)).toEqual({
    edits: [],
    left: [
      { line: 11, text: 'made [0-9]+ (regex)', printed: 'broken' },
      { line: 12, text: 'in * s (glob)', printed: null },
    ],
  });
});
