import type { Subject } from './assertion.ts';
import { SENTENCES } from './sentences.ts';

/** The README's table of sentences, in Markdown: the language described where its words are. */
export function sentenceTable(): string {
  const rows = SENTENCES.map(
    ({ example, means, of }) => `| \`${cell(example)}\` | ${cell(means)} | ${SUBJECTS[of]} |`,
  );
  return ['| for example | says | of |', '| --- | --- | --- |', ...rows].join('\n');
}

const SUBJECTS: Record<Subject, string> = {
  rows: 'rows',
  'row-count': 'rows',
  'changed-rows': 'rows',
  refusal: 'a refused statement',
  printed: 'a shell',
  'exit-status': 'a shell',
  locks: 'a block',
};

const cell = (text: string) => text.replaceAll('|', '\\|');
