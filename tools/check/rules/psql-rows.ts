import { problems } from '../../document/problems.ts';
import { speaksOfRows } from '../../expect/assertion.ts';
import type { Rule } from '../rule.ts';
import type { BlockScript } from '../scripts.ts';

/** psql prints its rows for people: nothing can be said of them but as SQL, or of JSON that it prints. */
export const psqlRows: Rule = {
  name: 'psql-rows',
  scripts: (report) => (one) => {
    if (!printsRows(one)) return;
    for (const expectation of one.block.expectations) {
      if (expectation.kind !== 'sentences') continue;
      for (const sentence of expectation.sentences) {
        if (sentence.compiled && speaksOfRows(sentence.compiled.assertion)) {
          report(problems.speaksOfRows(sentence, sentence.text));
        }
      }
    }
  },
};

/** What a psql prints is the output of the block, and is not JSON. */
const printsRows = ({ block, script }: BlockScript): boolean =>
  !/json/i.test(block.text) &&
  script.calls.some(({ program, substituted, piped }) => program === 'psql' && !substituted && !piped);
