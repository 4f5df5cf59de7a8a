/** `npm run docs`: writes every table that the documentation takes from the code. `--check` only says what is stale. */
import { readFile, writeFile } from 'node:fs/promises';
import { attributeTable } from './docs/attributes.ts';
import { commandTable } from './docs/commands.ts';
import { exitTable } from './docs/exit-statuses.ts';
import { roomPicture, roomTable } from './docs/rooms.ts';
import { problemTable } from './document/catalogue.ts';
import { sentenceTable } from './expect/language.ts';

/** A page, relative to the project, and the tables between its markers, such as `<!-- sentences -->`. */
const PAGES: Record<string, Record<string, () => string>> = {
  'README.md': { commands: commandTable },
  'docs/ci.md': { 'exit-statuses': exitTable },
  'docs/language.md': { attributes: attributeTable, sentences: sentenceTable },
  'ARCHITECTURE.md': { picture: roomPicture, rooms: roomTable },
  'docs/problems.md': { problems: problemTable },
};

async function renew(page: string): Promise<{ before: string; after: string }> {
  const before = await readFile(page, 'utf8');
  let after = before;
  for (const [name, table] of Object.entries(PAGES[page] ?? {})) {
    const marked = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);
    if (!marked.test(after)) throw new Error(`${page} has no <!-- ${name} --> and <!-- /${name} -->`);
    after = after.replace(marked, () => `<!-- ${name} -->\n\n${table()}\n\n<!-- /${name} -->`);
  }
  return { before, after };
}

const onlyCheck = process.argv.includes('--check');
for (const page of Object.keys(PAGES)) {
  const { before, after } = await renew(page);
  if (before === after) continue;
  if (onlyCheck) {
    process.stderr.write(`${page} is stale: npm run docs\n`);
    process.exitCode = 1;
  } else {
    await writeFile(page, after);
    process.stdout.write(`${page}\n`);
  }
}
