import { defineSentence } from '../definition.ts';
import { countOf, watchCount } from '../rows.ts';
import { verdict } from '../verdict.ts';

export const rowCount = defineSentence({
  forms: { '{quantity} {noun}': '2 extensions', 'returns {quantity} {noun}': 'returns 4 rows' },
  of: 'row-count',
  means: 'so many rows; the noun is for the reader, and says no more than what they are',
  objection: ({ objection }) => objection,
  compile: (quantity) => (rowCount) => verdict(quantity.holds(rowCount), quantity.rows, countOf(rowCount)),
});

export const rowCountWhere = defineSentence({
  forms: {
    '{quantity} {noun} where {column} {condition}': '2 rows where status is ok',
    '{quantity} {noun} with {column} {condition}': '2 rows with status = ok',
    '{quantity} {noun} with {named} {held}': '2 rows with status ok',
  },
  of: 'rows',
  means: 'of so many rows this is true, however many others there are',
  objection: (quantity, _, __, condition) => quantity.objection ?? condition.objection,
  compile(quantity, _, column, condition) {
    const expected = `${quantity.rows} where ${column} ${condition.words}`;
    return (columns) => watchCount(columns, column, condition, expected, quantity.holds);
  },
});

export const touchesRows = defineSentence({
  forms: {
    'touches {count} row(s)': 'touches 2 rows',
    'changes/affects {count} row(s)': 'changes 2 rows',
  },
  of: 'changed-rows',
  means: 'INSERT, UPDATE or DELETE changed so many rows',
  compile: (count) => (rowCount) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});
