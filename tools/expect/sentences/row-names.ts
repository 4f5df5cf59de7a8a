import { parseNames, show } from '../literal.ts';
import { countOf, verdict } from '../rows.ts';
import { sentence } from '../sentence.ts';
import { unheardBound } from './row-count.ts';

export const rowNames = sentence({
  expression: '{count} {noun} \\({names})',
  of: 'rows',
  means: 'so many rows, and the first column holds exactly these names, in whatever order',
  example: '3 regular views (v_period_timeline, v_entity_timeline_summary, v_crawl_effectiveness_ranking)',
  // A count that is not the number of names is left to the run: it shows which of them is wrong.
  objection(_count: number, noun: string, source: string) {
    const unheard = unheardBound(noun);
    if (unheard) return unheard;
    const names = parseNames(source);
    return new Set(names).size < names.length ? 'a name stands twice in the list' : null;
  },
  judge({ rows, rowCount }, count: number, _noun: string, source: string) {
    const names = parseNames(source);
    const found = rows.map((row) => show(row[0] ?? null));
    const missing = names.filter((name) => !found.includes(name)).map((name) => `without ${name}`);
    const extra = found.filter((name) => !names.includes(name)).map((name) => `with ${name}`);
    const passed = rowCount === count && missing.length === 0 && extra.length === 0;
    const difference = [...missing, ...extra].join(', ');
    return verdict(
      passed,
      `${countOf(count)}: ${names.join(', ')}`,
      difference ? `${countOf(rowCount)}: ${difference}` : countOf(rowCount),
    );
  },
});
