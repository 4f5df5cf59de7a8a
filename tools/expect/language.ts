import type { Subject } from './assertion.ts';
import { CONDITIONS } from './condition.ts';
import { QUANTITIES } from './quantity.ts';
import { SENTENCES } from './sentences.ts';

/**
 * The table of sentences in docs/language.md: the language described where its words are. What many sentences have
 * in common, how many and how a cell is, stands in it once.
 */
export function sentenceTable(): string {
  const sentences = SENTENCES.map(({ examples, means, of }) => row(examples, means, SUBJECTS[of]));
  const quantities = QUANTITIES.map(({ examples, means }) =>
    row(
      examples.map((one) => `${one} rows`),
      means,
      'how many',
    ),
  );
  const conditions = CONDITIONS.map(({ examples, means }) =>
    row(
      examples.map((one) => `n ${one}`),
      means,
      'a column',
    ),
  );
  const rows = inOrder([...sentences, ...quantities, ...conditions]);
  return ['| for example | says | of |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Of rows first, as most sentences are, and last what is not named here. */
const ORDER = ['rows', 'how many', 'a column', 'rows, a shell', 'a refused statement', 'a shell'];

function inOrder(rows: string[]): string[] {
  const rest = rows.filter((row) => !ORDER.some((of) => isOf(row, of)));
  return [...ORDER.flatMap((of) => rows.filter((row) => isOf(row, of))), ...rest];
}

const isOf = (row: string, of: string) => row.endsWith(` | ${of} |`);

const row = (examples: string[], means: string, of: string) =>
  `| ${examples.map((one) => `\`${cell(one)}\``).join(', ')} | ${cell(means)} | ${of} |`;

const SUBJECTS: Record<Subject, string> = {
  rows: 'rows',
  'row-count': 'rows',
  'changed-rows': 'rows',
  value: 'rows, a shell',
  refusal: 'a refused statement',
  printed: 'a shell',
  'exit-status': 'a shell',
  locks: 'a block',
};

const cell = (text: string) => text.replaceAll('|', '\\|');
