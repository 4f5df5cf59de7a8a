import { parseNames, show } from '../literal.ts';
import { rowSentence } from '../row-sentence.ts';
import { countOf, excerpt, verdict } from '../rows.ts';
import { unheardBound } from './row-count.ts';

/** Of names that are too many, so many are told. */
const MOST_TOLD = 20;

export const rowNames = rowSentence({
  expression: '{count} {noun} \\({names})',
  means: 'so many rows, and the first column holds exactly these names, in whatever order',
  example: '3 regular views (v_period_timeline, v_entity_timeline_summary, v_crawl_effectiveness_ranking)',
  // A count that is not the number of names is left to the run: it shows which of them is wrong.
  objection(_count: number, noun: string, source: string) {
    const unheard = unheardBound(noun);
    if (unheard) return unheard;
    const names = parseNames(source);
    return new Set(names).size < names.length ? 'a name stands twice in the list' : null;
  },
  watch(_, count: number, _noun: string, source: string) {
    const names = parseNames(source);
    const wanted = new Set(names);
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
  },
});
