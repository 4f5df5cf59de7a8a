import { problems } from '../../document/problems.ts';
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
      report(problems.sqlElsewhere(block, database.service, block.on));
    }
    const known = `the front matter says role \`${database.user}\`, database \`${database.name}\``;
    eachMatch(document, LOGIN, (match, _, at) => {
      const [, role = ''] = match;
      if (role !== database.user) report(problems.otherRole(at, role, known));
    });
    eachMatch(document, NAME, (match, _, at) => {
      const [, name = ''] = match;
      const isThere = [database.name, 'postgres', 'template1'].includes(name) || name.includes('scratch');
      if (!isThere) report(problems.otherDatabase(at, name, known));
    });
    eachMatch(document, URL, (match, _, at) => {
      const [, role = '', name = ''] = match;
      if (role !== database.user || name !== database.name) report(problems.otherUrl(at, role, name, known));
    });
  },
};
