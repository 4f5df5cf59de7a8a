import { deceptiveIn } from '../text/unseen.ts';
import type { CompiledSentence } from './definition.ts';
import { firstRead } from './phrase.ts';
import { SENTENCES } from './sentences.ts';

/**
 * The sentence as the first definition of the table reads it, or null. A full stop at its end is let be, and so are a
 * capital letter at its beginning and parentheses around it, as of psql’s `(3 rows)`. One that says another thing than a
 * reader sees, by a character that hides in it, is none.
 */
export function compileSentence(text: string): CompiledSentence | null {
  const trimmed = text.trim();
  if (deceptiveIn(trimmed) !== null) return null;
  const bare = trimmed.replace(/\.$/, '').replace(/^\((.*)\)$/, '$1');
  return firstRead(SENTENCES, bare) ?? firstRead(SENTENCES, bare.slice(0, 1).toLowerCase() + bare.slice(1));
}
