import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFence } from '../../tools/expect/fence.ts';
import { acceptsAnything, compareOutput as comparePatterns, OutOfTime } from '../../tools/expect/pattern.ts';
import { parsePatternLine } from '../../tools/expect/pattern-line.ts';

const lines = (text: string) => text.split('\n');
const compareOutput = (fence: string[], output: string) =>
  comparePatterns(fence.map(parsePatternLine), output);
const passes = (fence: string, output: string) => compareOutput(lines(fence), output).passed;

describe('a line of a fence accepts', () => {
  it.each([
    ['itself', 'a', 'a\n', 'b\n'],
    ['itself, to the last blank', 'a ', 'a \n', 'a\n'],
    ['what stands before its suffix', 'a (glob) (equal)', 'a (glob)\n', 'a (glob) (equal)\n'],
    ['a glob', 'backups/*_??.dump (glob)', 'backups/pre_03.dump\n', 'backups/pre_3.dump\n'],
    ['a glob whose other signs are plain', '[a.+] * (gl)', '[a.+] b\n', 'a b\n'],
    ['a regular expression, whole', 'a|b+ (regex)', 'bb\n', 'abb\n'],
    ['escapes', 'a\\tb\\x1b[0m\\\\ (escaped)', 'a\tb\u001b[0m\\\n', 'a\\tb\n'],
    ['a line or none', 'a (equal?)\nb', 'b\n', 'a\na\nb\n'],
    ['any number of lines', 'a (equal*)\nb', 'a\na\na\nb\n', 'a\nc\nb\n'],
    ['one line or more', 'a* (glob+)\nb', 'a1\na2\nb\n', 'b\n'],
    ['lines that the next one accepts, too', 'a* (glob*)\nab', 'aa\nab\nab\n', 'aa\nb\n'],
    ['whole lines, whatever they are', 'a\n...\nz', 'a\nm\nn\nz\n', 'a\nm\nn\n'],
    ['no lines at all', 'a\n...\nz', 'a\nz\n', 'a z\n'],
    ['several gaps', '...\nb\n...\nd\n...', 'a\nb\nc\nd\ne\n', 'a\nd\nc\nb\ne\n'],
    ['an unknown word as itself', 'a (globs)', 'a (globs)\n', 'a\n'],
    ['carriage returns only where it says so', 'a\\r (escaped)', 'a\r\n', 'a\n'],
  ])('%s', (_, fence, good, bad) => {
    expect(passes(fence, good)).toBe(true);
    expect(passes(fence, bad)).toBe(false);
  });

  it('an output without a line end, and an empty fence only nothing', () => {
    expect(passes('a', 'a')).toBe(true);
    expect(compareOutput([], '').passed).toBe(true);
    expect(compareOutput([], '\n').passed).toBe(false);
  });

  it('throws where a regular expression is none', () => {
    expect(() => compareOutput(['[a (regex)'], 'a')).toThrow(SyntaxError);
  });

  it('a fence with such a line is compiled to where it stands', () => {
    expect(compileFence(['a', '[a (regex)', '(b (regex)'])).toMatchObject({ invalid: 1, offset: 0 });
  });
});

describe('matching takes time in proportion to the line', () => {
  const long = 'a'.repeat(1_000_000);

  it.each([
    ['a glob of seven stars', '*a*a*a*a*a*a*b (glob)', 'a'],
    ['six captures', '<a>a<b>a<c>a<d>a<e>a<f>b', 'a'],
    ['repetitions in a repetition', '(a+)+b (regex)', 'a'],
    ['a choice that doubles', '(a|a)*b (regex)', 'a'],
  ])('%s', (_, fence, more) => {
    expect(passes(fence, long)).toBe(false);
    expect(passes(fence, `${long}${more}b`)).toBe(true);
  });

  it('a name that stands twice is found whatever stands before it', () => {
    const { captured } = compareOutput(['<a>-<b>=<b>, <c>'], 'x-y-z=z, w');
    expect(captured).toEqual({ a: 'x-y', b: 'z', c: 'w' });
    expect(passes('<a> and <a>, <b> and <b>', 'one and one and one, 2 and 2')).toBe(false);
    expect(passes('<a> and <a>, <b> and <b>', 'one and one, 2 and 2')).toBe(true);
  });

  it('a gap takes whole characters', () => {
    expect(compareOutput(['<a><b>'], '😀😀').captured).toEqual({ a: '😀', b: '😀' });
    expect(passes('? (glob)', '😀')).toBe(true);
  });

  it('and is given up where its time is over, which is asked now and then', () => {
    const fence = Array.from({ length: 100 }, () => ['...', 'no']).flat();
    let asked = 0;
    const compare = () =>
      comparePatterns(fence.map(parsePatternLine), 'a\n'.repeat(10_000), () => ++asked > 3);
    expect(compare).toThrow(OutOfTime);
    expect(asked).toBe(4);
  });

  it.each(['Continue (?)', 'all files (*)', 'a (+)'])('%s is neither optional nor text', (line) => {
    expect(compileFence(['a', line])).toEqual({ invalid: 1, offset: 0, why: 'ambiguous' });
    expect(passes(`${line} (equal)`, `${line}\n`)).toBe(true);
    expect(passes(`${line} (equal)`, '')).toBe(false);
  });
});

describe('what a name captures', () => {
  it('is what stands there, for later blocks', () => {
    const { captured } = compareOutput(['restored <n> of <all...>', '...'], 'restored 247 of 1 000\nend\n');
    expect(captured).toEqual({ n: '247', all: '1 000' });
  });

  it('is a word, or words where it says so, and blank at no edge', () => {
    expect(passes('Backup of <name>', 'Backup of shop\n')).toBe(true);
    expect(passes('Backup of <name>', 'Backup of / failed\n')).toBe(false);
    expect(passes('Backup of <name>', 'Backup of shop \n')).toBe(false);
    expect(passes('Backup of <name...>', 'Backup of / failed\n')).toBe(true);
    expect(passes('Backup of <name...>', 'Backup of  \n')).toBe(false);
    expect(passes('[<name...>]', '[ a]\n')).toBe(false);
    expect(passes('[<name...>]', '[a b]\n')).toBe(true);
    expect(passes('[<name...>]', '[a]\n')).toBe(true);
  });

  it('is never empty', () => {
    expect(passes('n=<n>.', 'n=.\n')).toBe(false);
  });

  it('is the same wherever the name stands again', () => {
    expect(passes('<n> in, <n> out', '12 in, 12 out\n')).toBe(true);
    expect(passes('<n> in, <n> out', '12 in, 1 out\n')).toBe(false);
    expect(passes('<n>1<n>', 'a11a1\n')).toBe(true);
    expect(passes('<n> in\n<n> out', '12 in\n12 out\n')).toBe(true);
    expect(passes('<n> in\n<n> out', '12 in\n13 out\n')).toBe(false);
  });

  it('is of the first line that fits, after a gap', () => {
    expect(compareOutput(['...', 'n=<n>', '...'], 'n=1\nn=2\n').captured).toEqual({ n: '1' });
  });
});

describe('a difference is shown where it is', () => {
  it('a changed line stands beside the one in its place', () => {
    expect(compareOutput(['a', 'b', 'c'], 'a\nx\nc\n')).toMatchObject({
      wrong: 1,
      rows: [
        { expected: 'a', actual: 'a', same: true },
        { expected: 'b', actual: 'x', same: false },
        { expected: 'c', actual: 'c', same: true },
      ],
    });
  });

  it('a missing and an additional line stand alone', () => {
    expect(compareOutput(['a', 'b', 'c'], 'a\nc\nd\n').rows).toEqual([
      { expected: 'a', actual: 'a', same: true },
      { expected: 'b', actual: null, same: false },
      { expected: 'c', actual: 'c', same: true },
      { expected: null, actual: 'd', same: false },
    ]);
  });

  it('the line of the fence is counted also among equal lines', () => {
    expect(compareOutput(['a', 'a', 'a', 'b'], 'a\na\na\nc\n').wrong).toBe(3);
    expect(compareOutput(['a', 'a'], 'a\na\na\n').wrong).toBe(1);
    expect(compareOutput(['...', 'z'], 'a\nb\n').wrong).toBe(1);
    expect(compareOutput(['a', 'b (equal?)', 'c'], 'a\nx\nc\n').wrong).toBe(1);
  });
});

describe('a fence that would accept anything is known', () => {
  it.each(['...', '* (glob*)', '.* (regex*)', '...\n...', '...\n* (glob?)'])('%j', (fence) => {
    expect(acceptsAnything(lines(fence).map(parsePatternLine))).toBe(true);
  });

  it.each(['a', '...\na', '.+ (regex+)', '* (glob)', '<n>'])('%j is none', (fence) => {
    expect(acceptsAnything(lines(fence).map(parsePatternLine))).toBe(false);
  });
});

const line = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '...', 'a (glob)', 'x (*)', '<n>', '\\', 'a\r'),
);
const text = fc.array(
  line.map((one) => one.replaceAll('\n', ' ')),
  { minLength: 1, maxLength: 12 },
);
const escaped = (one: string) => `${one.replaceAll(/\\|\p{Cc}/gu, asHex)} (escaped)`;
const asHex = (sign: string) =>
  sign === '\\' ? '\\\\' : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
const printedOf = (all: string[]) => `${all.join('\n')}\n`;

describe('whatever the text', () => {
  it('it accepts itself, and itself escaped', () => {
    fc.assert(
      fc.property(text, (all) => {
        expect(
          compareOutput(
            all.map((one) => `${one} (equal)`),
            printedOf(all),
          ).passed,
        ).toBe(true);
        expect(compareOutput(all.map(escaped), printedOf(all)).passed).toBe(true);
      }),
    );
  });

  it('it accepts itself with any run of lines replaced by a gap', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (all, a, b) => {
        const [from, to] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const fence = all.map((one) => `${one} (equal)`);
        fence.splice(from, to - from, '...');
        expect(compareOutput(fence, printedOf(all)).passed).toBe(true);
      }),
    );
  });

  it('it fails with any one line taken away, doubled or changed, and rows tell every line of both', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.constantFrom(0, 1, 2), (all, n, how) => {
        const at = n % all.length;
        const other = [...all];
        const put = [[], [all[at], all[at]], [`${all[at]}!`]][how] as string[];
        other.splice(at, 1, ...put);
        const fence = all.map((one) => `${one} (equal)`);
        const { passed, rows, wrong } = compareOutput(fence, other.length > 0 ? printedOf(other) : '');
        expect(passed).toBe(false);
        expect(wrong).toBeTypeOf('number');
        expect(rows.flatMap(({ expected }) => expected ?? [])).toEqual(fence);
        expect(rows.flatMap(({ actual }) => actual ?? [])).toEqual(other);
        expect(rows.filter(({ same }) => !same)).toHaveLength(1);
      }),
    );
  });
});

describe('size', () => {
  const output = printedOf(Array.from({ length: 20_000 }, (_, i) => `line ${i}`));
  const rowsOf = (fence: string[]) => compareOutput(fence, output);

  it('50 lines against 20,000, none of which fits', () => {
    const { passed, rows } = rowsOf(Array.from({ length: 50 }, (_, i) => `no ${i}`));
    expect([passed, rows.length]).toEqual([false, 20_000]);
  });

  it('a gap between each of 50 lines', () => {
    const fence = Array.from({ length: 50 }, (_, i) => ['...', `line ${400 * i}`]).flat();
    expect(rowsOf([...fence, '...']).passed).toBe(true);
    expect(rowsOf([...fence, 'no', '...']).passed).toBe(false);
  });

  it('5,000 lines against 20,000: line by line, where trying every way would take gigabytes', () => {
    const fence = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
    fence[10] = 'no';
    const { passed, wrong, rows } = rowsOf(fence);
    expect([passed, wrong, rows.length]).toEqual([false, 10, 20_000]);
  });
});
