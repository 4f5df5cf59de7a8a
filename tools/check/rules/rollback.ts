import type { Document } from '../../document/document.ts';
import { problems } from '../../document/problems.ts';
import { suggestion } from '../../text/nearest.ts';
import type { Rule } from '../rule.ts';

/** The way back that the front matter names is there: at night nobody looks for it. */
export const rollback: Rule = {
  name: 'rollback',
  check(document, report) {
    const { rollback, rollbackPlace } = document.frontMatter;
    const known = ways(document);
    for (const name of rollback) {
      if (!known.includes(name)) {
        report(problems.noSuchRollback(rollbackPlace, name, suggestion(name, known)));
      }
    }
  },
};

/** Sections with blocks, and those around them, by their paths; but for steps, which lead on. */
function ways({ blocks }: Document): string[] {
  const paths = blocks
    .filter(({ excludeFromRunAll }) => !excludeFromRunAll)
    .flatMap(({ section: { path } }) => {
      const parts = path.split('/');
      return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
    });
  return [...new Set(paths)].filter((path) => path !== '' && !/^step-\d+(\/|$)/.test(path));
}
