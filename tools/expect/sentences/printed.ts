import { defineSentence } from '../definition.ts';
import type { Captured } from '../subject.ts';
import { verdict } from '../verdict.ts';
import { asShown, holdsWords } from '../words.ts';

const emptyText = (text: string) => (text === '' ? 'every output holds the empty text' : null);

export const prints = defineSentence({
  forms: { 'prints {string}': 'prints "healthy"' },
  of: 'printed',
  means:
    'the text stands in the standard output, as whole words and numbers: neither in `unhealthy` nor in `non-healthy` or `healthy.old`',
  objection: emptyText,
  compile:
    (text) =>
    ({ stdout }) =>
      holds(stdout, text, `prints “${text}”`),
});

export const contains = defineSentence({
  forms: {
    'contains {string}': 'contains "atabase"',
    'the output contains {string}': 'the output contains "atabase"',
  },
  of: 'printed',
  means: 'the text stands in the standard output, be it within a word',
  objection: emptyText,
  compile:
    (text) =>
    ({ stdout }) => {
      const found = includes(stdout.text, text);
      const actual = !found && stdout.truncated ? tooMuch(stdout) : firstLines(stdout);
      return verdict(found, `contains “${text}”`, actual);
    },
});

export const printsNot = defineSentence({
  forms: {
    'does not print {string}': 'does not print "ERROR"',
    'does not contain {string}': 'does not contain "ERROR"',
  },
  of: 'printed',
  means: 'the text stands in neither output, not even within a word',
  objection: emptyText,
  compile:
    (text) =>
    ({ stdout, stderr }) => {
      const line = `${stdout.text}\n${stderr.text}`.split('\n').find((one) => includes(one, text));
      const cut = [stdout, stderr].find(({ truncated }) => truncated);
      const found = line ?? (cut ? tooMuch(cut) : 'it does not');
      return verdict(line === undefined && !cut, `does not print “${text}”`, found);
    },
});

export const printsNothing = defineSentence({
  forms: { 'prints nothing': 'prints nothing', 'no output': 'no output' },
  of: 'printed',
  means: 'both outputs are empty; of the standard output alone, `prints no lines` says it',
  compile:
    () =>
    ({ stdout, stderr }) => {
      const empty = stdout.bytes === 0 && stderr.bytes === 0;
      const loud = stdout.bytes === 0 ? `on the standard error: ${firstLines(stderr)}` : firstLines(stdout);
      return verdict(empty, 'prints nothing', empty ? 'nothing' : loud);
    },
});

export const printsLines = defineSentence({
  forms: { 'prints {count} line(s)': 'prints 5 lines' },
  of: 'printed',
  means: 'so many lines stand in the standard output',
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
  forms: { 'complains {string}': 'complains "password authentication failed"' },
  of: 'printed',
  means: 'the text stands in the standard error, as whole words and numbers',
  objection: emptyText,
  compile:
    (text) =>
    ({ stderr }) =>
      holds(stderr, text, `complains “${text}”`),
});

/** Whether a text stands in another, as a terminal shows it. */
const includes = (text: string, sought: string): boolean => asShown(text, sought).includes(sought);

/** What stands in the beginning of a stream stands in it; what does not may still stand in the rest. */
function holds(stream: Captured, text: string, expected: string) {
  if (holdsWords(stream.text, text, stream.truncated)) return verdict(true, expected, firstLines(stream));
  if (stream.truncated) return verdict(false, expected, tooMuch(stream));
  const within = includes(stream.text, text) ? `only within a longer word or number: ` : '';
  return verdict(false, expected, `${within}${firstLines(stream)}`);
}

/** For what needs every byte of a stream that was not kept whole. */
export const tooMuch = ({ bytes }: Captured): string =>
  `more than can be compared (${bytes} bytes, of which only the beginning was kept): print less`;

/** Enough of an output to see what it is: the report has all of it. */
function firstLines({ text }: Captured): string {
  if (text.trim() === '') return 'nothing';
  const lines = text.trimEnd().split('\n');
  return lines.length > 12
    ? [...lines.slice(0, 11), `… ${lines.length - 11} more lines`].join('\n')
    : lines.join('\n');
}
