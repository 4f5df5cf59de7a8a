import { verdict } from '../rows.ts';
import { type Captured, sentence } from '../sentence.ts';

export const exits = sentence({
  expression: 'exits {count}',
  of: 'printed',
  means: 'the block’s exit status; without this sentence it must be 0',
  example: 'exits 1',
  judge: ({ exitCode }, status: number) =>
    verdict(exitCode === status, `exits ${status}`, `exits ${exitCode}`),
});

const emptyText = (text: string) => (text === '' ? 'every output holds the empty text' : null);

export const prints = sentence({
  expression: 'prints {string}',
  of: 'printed',
  means: 'the text stands in the standard output',
  example: 'prints "healthy"',
  objection: emptyText,
  judge: ({ stdout }, text: string) => holds(stdout, text, `prints “${text}”`),
});

export const printsNot = sentence({
  expression: 'does not print {string}',
  of: 'printed',
  means: 'the text stands in neither output',
  example: 'does not print "ERROR"',
  objection: emptyText,
  judge({ stdout, stderr }, text: string) {
    const line = `${stdout.text}\n${stderr.text}`.split('\n').find((one) => one.includes(text));
    const cut = [stdout, stderr].find(({ truncated }) => truncated);
    const found = line ?? (cut ? tooMuch(cut) : 'it does not');
    return verdict(line === undefined && !cut, `does not print “${text}”`, found);
  },
});

export const printsNothing = sentence({
  expression: 'prints nothing',
  of: 'printed',
  means: 'the standard output is empty',
  example: 'prints nothing',
  judge: ({ stdout }) => verdict(stdout.bytes === 0, 'prints nothing', excerpt(stdout)),
});

export const printsLines = sentence({
  expression: 'prints {count} line(s)',
  of: 'printed',
  means: 'so many lines stand in the standard output',
  example: 'prints 5 lines',
  judge({ stdout }, count: number) {
    const { text, truncated } = stdout;
    const lines = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
    const actual = truncated ? tooMuch(stdout) : `${lines} lines`;
    return verdict(lines === count && !truncated, `${count} lines`, actual);
  },
});

export const complains = sentence({
  expression: 'complains {string}',
  of: 'printed',
  means: 'the text stands in the standard error',
  example: 'complains "password authentication failed"',
  objection: emptyText,
  judge: ({ stderr }, text: string) => holds(stderr, text, `complains “${text}”`),
});

/** What stands in the beginning of a stream stands in it; what does not may still stand in the rest. */
function holds(stream: Captured, text: string, expected: string) {
  const found = stream.text.includes(text);
  return verdict(found, expected, !found && stream.truncated ? tooMuch(stream) : excerpt(stream));
}

/** For what needs every byte of a stream that was not kept whole. */
export const tooMuch = ({ text, bytes }: Captured): string =>
  `more than can be compared (${bytes} bytes; the first ${Buffer.byteLength(text)} were kept): print less`;

/** Enough of an output to see what it is: the report has all of it. */
function excerpt({ text }: Captured): string {
  if (text.trim() === '') return 'nothing';
  const lines = text.trimEnd().split('\n');
  return lines.length > 12
    ? [...lines.slice(0, 11), `… ${lines.length - 11} more lines`].join('\n')
    : lines.join('\n');
}
