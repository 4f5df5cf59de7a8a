/** A place in a text, in UTF-16 units: `end` is behind it. */
export interface Found {
  start: number;
  end: number;
}

/** A state of the search: the words that go on from here, by their next UTF-16 unit. */
interface State {
  next: Map<number, State>;
  /** Where to go on when none of them does: the longest end of what was read that begins a word. */
  fallback: State | null;
  /** Length of the longest word that ends here, or 0. */
  longest: number;
}

const state = (): State => ({ next: new Map(), fallback: null, longest: 0 });

/**
 * Finds words in a text, all at once (Aho and Corasick): time in proportion to the text, however many words there are.
 * Gives the places in order; those of words that overlap are one.
 */
export function makeFinder(words: Iterable<string>): (text: string) => Found[] {
  const root = trie(words);
  linkFallbacks(root);
  return (text) => {
    const places: Found[] = [];
    let at = root;
    for (let i = 0; i < text.length; i++) {
      at = step(at, text.charCodeAt(i), root);
      if (at.longest > 0) add(places, { start: i + 1 - at.longest, end: i + 1 });
    }
    return places;
  };
}

function trie(words: Iterable<string>): State {
  const root = state();
  for (const word of words) {
    let at = root;
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i);
      const next = at.next.get(unit) ?? state();
      at.next.set(unit, next);
      at = next;
    }
    at.longest = word.length;
  }
  return root;
}

/** Shorter beginnings first: the fallback of a longer one leads to one of them. */
function linkFallbacks(root: State): void {
  const queue = [root];
  for (const parent of queue) {
    for (const [unit, child] of parent.next) {
      child.fallback = parent.fallback ? step(parent.fallback, unit, root) : root;
      child.longest ||= child.fallback.longest;
      queue.push(child);
    }
  }
}

function step(from: State, unit: number, root: State): State {
  for (let at: State | null = from; at; at = at.fallback) {
    const next = at.next.get(unit);
    if (next) return next;
  }
  return root;
}

/** A longer word may have begun before several that are there already. */
function add(places: Found[], { start, end }: Found): void {
  let from = start;
  for (let last = places.at(-1); last && last.end > start; last = places.at(-1)) {
    from = Math.min(from, last.start);
    places.pop();
  }
  places.push({ start: from, end });
}
