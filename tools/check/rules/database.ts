import type { Document } from '../../document/document.ts';
import type { Report } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import { loginOf } from '../postgres.ts';
import type { Rule } from '../rule.ts';
import type { BlockScript } from '../scripts.ts';

const URL = /\bpostgres(?:ql)?(?:\+\w+)?:\/\/(\w+)(?::[^@\s/]*)?@[^/\s"']+\/(\w+)/g;

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
  },
  scripts(report, { frontMatter: { database } }) {
    if (!database) return () => {};
    return (one) => {
      checkCalls(one, database, report);
      checkUrls(one, database, report);
    };
  },
};

type Database = NonNullable<Document['frontMatter']['database']>;

const known = ({ user, name }: Database) => `the front matter says role \`${user}\`, database \`${name}\``;

function checkCalls({ calls }: BlockScript, database: Database, report: Report): void {
  for (const { call, at } of calls) {
    const login = loginOf(call);
    if (!login) continue;
    const { role, name } = login;
    if (role !== null && role !== database.user) report(problems.otherRole(at, role, known(database)));
    // A connection string is read as a URL, or not at all.
    if (name === null || /[/=:]/.test(name)) continue;
    const isThere = [database.name, 'postgres', 'template1'].includes(name) || name.includes('scratch');
    if (!isThere) report(problems.otherDatabase(at, name, known(database)));
  }
}

function checkUrls({ block, place }: BlockScript, database: Database, report: Report): void {
  for (const { index, 1: role = '', 2: name = '' } of block.text.matchAll(URL)) {
    if (role !== database.user || name !== database.name) {
      report(problems.otherUrl(place(index), role, name, known(database)));
    }
  }
}
