import { parseDecimal } from '../decimal.ts';
import { defineSentence } from '../definition.ts';
import { isSame, withoutCommas } from '../literal.ts';
import { excerpt, watchSole } from '../rows.ts';
import { verdict } from '../verdict.ts';
import { tooMuch } from './printed.ts';

export const theValue = defineSentence({
  forms: { '{number}': '1,234,567' },
  of: 'value',
  means:
    'one row of one column with this number in it; of a shell, its output is this number and nothing else',
  compile(text) {
    const literal = { text, quoted: false };
    // Text that is a number is one here: psql’s output knows no types.
    const holds = (cell: string | null) =>
      cell !== null && parseDecimal(cell) !== null && isSame(literal, cell, 'numeric');
    return {
      rows: (columns) => watchSole(columns, text, { holds }),
      printed({ stdout }) {
        const printed = stdout.text.trim();
        const passed = holds(withoutCommas(printed)) && !stdout.truncated;
        return verdict(passed, text, stdout.truncated ? tooMuch(stdout) : excerpt(printed || 'nothing'));
      },
    };
  },
});
