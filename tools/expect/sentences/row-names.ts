import { parseNames, show } from '../literal.ts';
import { countOf, verdict } from '../rows.ts';
import { sentence } from '../sentence.ts';
import { unheardBound } from './row-count.ts';

export const rowNames = sentence({
  expression: '{count} {noun} \\({names})',
  of: 'rows',
  means: 'so many rows, and the first column holds exactly these names, in whatever order',
  example: '3 regular views (v_period_timeline, v_entity_timeline_summary, v_crawl_effectiveness_ranking)',
  objection(count: number, noun: string, source: string) {
    const unheard = unheardBound(noun);
    if (unheard) return unheard;
    const names = parseNames(source);
    if (new Set(names).size < names.length) return 'a name stands twice in the list';
    return names.length === count ? null : `it says ${count} and names ${names.length}`;
  },
  judge({ rows, rowCount }, count: number, _noun: string, source: string) {
    const names = parseNames(source);
    const found = rows.map((row) => show(row[0] ?? null));
    const passed = rowCount === count && names.every((name) => found.includes(name));
    const missing = names.filter((name) => !found.includes(name)).map((name) => `without ${name}`);
    const extra = found.filter((name) => !names.includes(name)).map((name) => `with ${name}`);
    const difference = [...missing, ...extra].join(', ');
    return verdict(
      passed,
      `${countOf(count)}: ${names.join(', ')}`,
      difference ? `${countOf(rowCount)}: ${difference}` : countOf(rowCount),
    );
  },
});
