import { defineSentence } from '../definition.ts';
import { keyOfCell, keyOfLiteral, parseNames, show } from '../literal.ts';
import { countOf, excerpt } from '../rows.ts';
import { verdict } from '../verdict.ts';

/** Of names that are too many, so many are told. */
const MOST_TOLD = 20;

export const rowNames = defineSentence({
  forms: {
    '{count} {noun} \\({names})':
      '3 regular views (v_period_timeline, v_entity_timeline_summary, v_crawl_effectiveness_ranking)',
    'exactly {count} {noun} \\({names})': 'exactly 3 rows (a, b and c)',
    'returns {count} {noun} \\({names})': 'returns 3 rows (a, b and c)',
  },
  of: 'rows',
  means:
    'so many rows, and the first column holds exactly these names, each as often as it stands here, in whatever order',
  // A count that is not the number of names is left to the run: it shows which of them is wrong.
  compile(count, _, source) {
    const names = parseNames(source);
    return ([column]) => {
      const type = column?.type ?? 'text';
      const missing = new Map<string, string[]>();
      for (const name of names) {
        const key = keyOfLiteral(name, type) ?? `impossible ${name.text}`;
        missing.set(key, [...(missing.get(key) ?? []), name.text]);
      }
      const extra: string[] = [];
      let extras = 0;
      return {
        see(row) {
          const cell = row[0] ?? null;
          if (missing.get(keyOfCell(cell, type))?.pop() !== undefined) return;
          if (++extras <= MOST_TOLD) extra.push(`with ${excerpt(show(cell))}`);
        },
        verdict(rowCount) {
          const without = [...missing.values()].flat().map((name) => `without ${name}`);
          const passed = rowCount === count && without.length === 0 && extras === 0;
          const difference = [...without, ...extra, ...(extras > MOST_TOLD ? ['…'] : [])].join(', ');
          return verdict(
            passed,
            `${countOf(count)}: ${names.map(({ text }) => text).join(', ')}`,
            difference ? `${countOf(rowCount)}: ${difference}` : countOf(rowCount),
          );
        },
      };
    };
  },
});
