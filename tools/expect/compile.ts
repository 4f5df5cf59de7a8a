import { nearest } from '../text/nearest.ts';
import type { CompiledSentence } from './definition.ts';
import { SENTENCES } from './sentences.ts';

/** The sentence as the first definition of the table reads it, or null. A full stop at its end is let be. */
export function compileSentence(text: string): CompiledSentence | null {
  const bare = text.trim().replace(/\.$/, '');
  for (const definition of SENTENCES) {
    const compiled = definition.read(bare);
    if (compiled) return compiled;
  }
  return null;
}

/** The example of the definition that a sentence comes nearest to, to show its author. */
export function nearestExample(text: string): string | null {
  const shape = text.replaceAll(/\d+/g, '3');
  return (
    nearest(
      shape,
      SENTENCES.map(({ example }) => example),
    ) ?? byFirstWord(text)
  );
}

const byFirstWord = (text: string) => {
  const first = /^\w+/.exec(text.toLowerCase())?.[0];
  return (
    SENTENCES.find(({ example }) => first !== undefined && example.toLowerCase().startsWith(`${first} `))
      ?.example ?? null
  );
};
