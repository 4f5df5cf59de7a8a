import { writeFileSync } from 'node:fs';
import { ask } from '../../tools/commands/ask.ts';
import { endWith } from '../../tools/commands/ending.ts';
import { person, wasInterrupted } from '../../tools/commands/signals.ts';

// Asks one question at the terminal, and writes into a file what became of it.
const [file = ''] = process.argv.slice(2);

async function main() {
  const answer = await ask({ text: 'Does everybody know?' } as Parameters<typeof ask>[0], person());
  writeFileSync(file, `${answer}${wasInterrupted() ? ', interrupted' : ''}`);
  return 0 as const;
}

await endWith(main());
