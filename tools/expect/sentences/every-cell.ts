import { defineSentence } from '../definition.ts';
import { watchEvery } from '../rows.ts';

export const everyIs = defineSentence({
  forms: {
    'every/each {column} {condition}': 'every current_period_number is 0',
    'all {column} {conditions}': 'all status are ok',
  },
  of: 'rows',
  means: 'at least one row, and in that column of each what is said',
  objection: (_, { objection }) => objection,
  compile(column, condition) {
    return (columns) => watchEvery(columns, column, `every ${column} ${condition.words}`, condition);
  },
});
