import { expect, it } from 'vitest';
import { sqlBlockOf } from '../support/document.ts';

it.each([['locks: at most 2 s'], ['✅ locks: at most 2 s']])(
  '%s is no bullet of a statement: the ones after it speak of the same as without it',
  (locks) => {
    const block = sqlBlockOf(
      ...['```sql { name=one }', 'SELECT 1 AS n;', 'SELECT 2 AS n;', '```', ''],
      ...['**Expected output:**', `- ${locks}`, '- n is 1', '- n is 2'],
    );
    const sentences = block.expectations.flatMap((one) => (one.kind === 'sentences' ? one.sentences : []));
    expect(sentences.map(({ statement }) => statement)).toEqual([null, 0, 1]);
  },
);
