import { defineSentence } from '../definition.ts';
import { parseNames, show } from '../literal.ts';
import { countOf, excerpt } from '../rows.ts';
import { verdict } from '../verdict.ts';
import { boundInNoun } from './row-count.ts';

/** Of names that are too many, so many are told. */
const MOST_TOLD = 20;

export const rowNames = defineSentence({
  expression: '{count} {noun} \\({names})',
  of: 'rows',
  means: 'so many rows, and the first column holds exactly these names, in whatever order',
  example: '3 regular views (v_period_timeline, v_entity_timeline_summary, v_crawl_effectiveness_ranking)',
  // A count that is not the number of names is left to the run: it shows which of them is wrong.
  objection(_, noun, source) {
    const bound = boundInNoun(noun);
    if (bound) return bound;
    const names = parseNames(source);
    return new Set(names).size < names.length ? 'a name stands twice in the list' : null;
  },
  compile(count, _, source) {
    const names = parseNames(source);
    const wanted = new Set(names);
    return () => {
      const missing = new Set(names);
      const extra: string[] = [];
      let extras = 0;
      return {
        see(row) {
          const name = show(row[0] ?? null);
          if (wanted.has(name)) missing.delete(name);
          else if (++extras <= MOST_TOLD) extra.push(`with ${excerpt(name)}`);
        },
        verdict(rowCount) {
          const passed = rowCount === count && missing.size === 0 && extras === 0;
          const without = [...missing].map((name) => `without ${name}`);
          const difference = [...without, ...extra, ...(extras > MOST_TOLD ? ['…'] : [])].join(', ');
          return verdict(
            passed,
            `${countOf(count)}: ${names.join(', ')}`,
            difference ? `${countOf(rowCount)}: ${difference}` : countOf(rowCount),
          );
        },
      };
    };
  },
});
