import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

const LOGIN = /\b(?:psql|pg_dump|pg_restore|createdb|dropdb)\b[^|;&]*?\s(?:-U\s*|--username[= ])["']?(\w+)/;
const NAME = /\b(?:psql|pg_restore)\b[^|;&]*?\s(?:-d\s*|--dbname[= ])["']?(\w+)/;
const URL = /\bpostgres(?:ql)?(?:\+\w+)?:\/\/(\w+)(?::[^@\s]*)?@[^/\s"']+\/(\w+)/;

/** Programs log in as the role, and to the database, that the front matter names. */
export const database: Rule = {
  name: 'database',
  check(document, report) {
    const { database } = document.frontMatter;
    if (!database) return;
    for (const block of document.blocks) {
      if (block.language !== 'sql' || block.on === database.service) continue;
      const message = `SQL is sent to \`${database.service}\`, and this says on=${block.on}`;
      report('database', block, message, 'leave `on` out');
    }
    const remedy = `the front matter says role \`${database.user}\`, database \`${database.name}\``;
    eachMatch(document, LOGIN, (match, _, at) => {
      if (match[1] !== database.user)
        report('database', at, `there is no role \`${match[1]}\` there`, remedy);
    });
    eachMatch(document, NAME, (match, _, at) => {
      const known = [database.name, 'postgres', 'template1'];
      if (!known.includes(match[1] ?? '') && !match[1]?.includes('scratch')) {
        report('database', at, `there is no database \`${match[1]}\` there`, remedy);
      }
    });
    eachMatch(document, URL, (match, _, at) => {
      if (match[1] === database.user && match[2] === database.name) return;
      report('database', at, `this URL is of role \`${match[1]}\` and database \`${match[2]}\``, remedy);
    });
  },
};
