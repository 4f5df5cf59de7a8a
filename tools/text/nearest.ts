import { distance } from 'fastest-levenshtein';

/** The word of `known` that `word` is most likely a misspelling of, or null where none is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** What to do about a word that is none of `known`: the one that is meant, or else all there are. */
export function suggestion(word: string, known: readonly string[], near: readonly string[] = known): string {
  const meant = nearest(word, near);
  return meant ? `did you mean \`${meant}\`?` : `there are ${known.join(', ')}`;
}
