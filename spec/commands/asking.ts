import { renameSync, writeFileSync } from 'node:fs';
import { ask } from '../../tools/commands/ask.ts';
import { endWith } from '../../tools/commands/ending.ts';
import { person, wasInterrupted } from '../../tools/commands/signals.ts';

// Asks questions at the terminal, one after another, and writes into a file what became of the last.
const [file = '', ...questions] = process.argv.slice(2);

async function main() {
  const asked = person();
  let answer = '';
  for (const text of questions) answer = await ask({ text } as Parameters<typeof ask>[0], asked);
  writeFileSync(`${file}.part`, `${answer}${wasInterrupted() ? ', interrupted' : ''}`);
  renameSync(`${file}.part`, file);
  return 0 as const;
}

await endWith(main());
