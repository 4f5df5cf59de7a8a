import { defineSentence } from '../definition.ts';
import { isSame } from '../literal.ts';
import { watchOnly, watchWhere } from '../rows.ts';

export const cellIs = defineSentence({
  forms: { '{column} {condition}': 'version_num is 20260301_0300' },
  of: 'rows',
  means: 'one row, and in that column what is said; a name with blanks stands in quotes',
  objection: (_, { objection }) => objection,
  compile(column, condition) {
    return (columns) => watchOnly(columns, column, `${column} ${condition.words}`, condition);
  },
});

export const cellIsWhere = defineSentence({
  forms: {
    '{column} {condition} where {column} {condition}':
      "content_count is 247 where name is 'AI Safety Research'",
  },
  of: 'rows',
  means: 'of one row the second condition is true, and the first one is true of that row',
  objection: (_, condition, __, where) => condition.objection ?? where.objection,
  compile(column, condition, key, where) {
    const expected = `${column} ${condition.words} where ${key} ${where.words}`;
    return (columns) => {
      const only = watchOnly(columns, column, expected, condition);
      return watchWhere(columns, key, where, expected, only);
    };
  },
});

export const cellsEqual = defineSentence({
  forms: { '{column} equals {column}': 'topics_with_content equals topics_with_periods' },
  of: 'rows',
  means: 'one row, and the same value in both columns; null is none',
  objection: (a, b) => (a === b ? 'a column always equals itself' : null),
  compile: (a, b) => (columns) => {
    const expected = `${a} equals ${b}`;
    let text: string | null = null;
    const other = watchOnly(columns, b, expected, {
      holds(cell) {
        text = cell;
        return true;
      },
    });
    const same = watchOnly(columns, a, expected, {
      holds: (cell, type) => text !== null && isSame({ text, quoted: true }, cell, type),
    });
    return {
      see(row) {
        other.see(row);
        same.see(row);
      },
      verdict(rowCount) {
        const right = other.verdict(rowCount);
        const left = same.verdict(rowCount);
        if (!right.passed) return right;
        return { ...left, actual: `${left.actual}, ${right.actual}` };
      },
    };
  },
});
