import { defineSentence } from '../definition.ts';
import type { Captured } from '../subject.ts';
import { verdict } from '../verdict.ts';

const emptyText = (text: string) => (text === '' ? 'every output holds the empty text' : null);

export const prints = defineSentence({
  expression: 'prints {string}',
  of: 'printed',
  means: 'the text stands in the standard output',
  example: 'prints "healthy"',
  objection: emptyText,
  compile:
    (text) =>
    ({ stdout }) =>
      holds(stdout, text, `prints “${text}”`),
});

export const printsNot = defineSentence({
  expression: 'does not print {string}',
  of: 'printed',
  means: 'the text stands in neither output',
  example: 'does not print "ERROR"',
  objection: emptyText,
  compile:
    (text) =>
    ({ stdout, stderr }) => {
      const line = `${stdout.text}\n${stderr.text}`.split('\n').find((one) => one.includes(text));
      const cut = [stdout, stderr].find(({ truncated }) => truncated);
      const found = line ?? (cut ? tooMuch(cut) : 'it does not');
      return verdict(line === undefined && !cut, `does not print “${text}”`, found);
    },
});

export const printsNothing = defineSentence({
  expression: 'prints nothing',
  of: 'printed',
  means: 'the standard output is empty',
  example: 'prints nothing',
  compile:
    () =>
    ({ stdout }) =>
      verdict(stdout.bytes === 0, 'prints nothing', firstLines(stdout)),
});

export const printsLines = defineSentence({
  expression: 'prints {count} line(s)',
  of: 'printed',
  means: 'so many lines stand in the standard output',
  example: 'prints 5 lines',
  compile:
    (count) =>
    ({ stdout }) => {
      const { text, truncated } = stdout;
      const lines = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
      const actual = truncated ? tooMuch(stdout) : `${lines} lines`;
      return verdict(lines === count && !truncated, `${count} lines`, actual);
    },
});

export const complains = defineSentence({
  expression: 'complains {string}',
  of: 'printed',
  means: 'the text stands in the standard error',
  example: 'complains "password authentication failed"',
  objection: emptyText,
  compile:
    (text) =>
    ({ stderr }) =>
      holds(stderr, text, `complains “${text}”`),
});

/** What stands in the beginning of a stream stands in it; what does not may still stand in the rest. */
function holds(stream: Captured, text: string, expected: string) {
  const found = stream.text.includes(text);
  return verdict(found, expected, !found && stream.truncated ? tooMuch(stream) : firstLines(stream));
}

/** For what needs every byte of a stream that was not kept whole. */
export const tooMuch = ({ text, bytes }: Captured): string =>
  `more than can be compared (${bytes} bytes; the first ${Buffer.byteLength(text)} were kept): print less`;

/** Enough of an output to see what it is: the report has all of it. */
function firstLines({ text }: Captured): string {
  if (text.trim() === '') return 'nothing';
  const lines = text.trimEnd().split('\n');
  return lines.length > 12
    ? [...lines.slice(0, 11), `… ${lines.length - 11} more lines`].join('\n')
    : lines.join('\n');
}
