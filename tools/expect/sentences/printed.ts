import { verdict } from '../rows.ts';
import { sentence } from '../sentence.ts';

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
  judge: ({ stdout }, text: string) => verdict(stdout.includes(text), `prints “${text}”`, excerpt(stdout)),
});

export const printsNot = sentence({
  expression: 'does not print {string}',
  of: 'printed',
  means: 'the text stands in neither output',
  example: 'does not print "ERROR"',
  objection: emptyText,
  judge({ stdout, stderr, complete }, text: string) {
    const line = `${stdout}\n${stderr}`.split('\n').find((one) => one.includes(text));
    const found = line ?? (complete ? 'it does not' : 'more than can be searched');
    return verdict(line === undefined && complete, `does not print “${text}”`, found);
  },
});

export const printsNothing = sentence({
  expression: 'prints nothing',
  of: 'printed',
  means: 'the standard output is empty',
  example: 'prints nothing',
  judge: ({ stdout }) => verdict(stdout === '', 'prints nothing', excerpt(stdout)),
});

export const printsLines = sentence({
  expression: 'prints {count} line(s)',
  of: 'printed',
  means: 'so many lines stand in the standard output',
  example: 'prints 5 lines',
  judge({ stdout, complete }, count: number) {
    const lines = stdout === '' ? 0 : stdout.replace(/\n$/, '').split('\n').length;
    return verdict(
      lines === count && complete,
      `${count} lines`,
      `${complete ? '' : 'more than '}${lines} lines`,
    );
  },
});

export const complains = sentence({
  expression: 'complains {string}',
  of: 'printed',
  means: 'the text stands in the standard error',
  example: 'complains "password authentication failed"',
  objection: emptyText,
  judge: ({ stderr }, text: string) => verdict(stderr.includes(text), `complains “${text}”`, excerpt(stderr)),
});

/** Enough of an output to see what it is: the report has all of it. */
function excerpt(output: string): string {
  if (output.trim() === '') return 'nothing';
  const lines = output.trimEnd().split('\n');
  return lines.length > 12
    ? [...lines.slice(0, 11), `… ${lines.length - 11} more lines`].join('\n')
    : lines.join('\n');
}
