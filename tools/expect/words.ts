/**
 * Whether a text stands in another one as whole words and numbers: `healthy` does not stand so in `unhealthy`, nor
 * in `non-healthy` or `healthy.old`, nor `1` in `10`, `1.5`, `1,000`, `1/3` or `-1`. A sign at the edge of the text, such as
 * a quote or a bracket, is whole by itself.
 */
export function holdsWords(text: string, sought: string): boolean {
  if (sought === '') return true;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    if (beginsWord(text, at) && endsWord(text, at + sought.length)) return true;
  }
  return false;
}

/** A text as a terminal shows it: without what tells it colours, which may change within a word. */
export const withoutColours = (text: string): string => text.replaceAll(COLOURS, '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const COLOURS = /\u001b\[[\d;]*[mK]/g;

/** So much before or behind a place is enough to see whether a word or a number goes on there, or a colour begins or ends. */
const NEAR = 24;

function beginsWord(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - NEAR), at).replace(COLOUR, '');
  const after = text.slice(at, at + 2);
  if (!WORD_FIRST.test(after)) return true;
  if (WORD_LAST.test(before) || /[\p{L}\p{N}_][-.‐‑]$/u.test(before)) return false;
  return !/^\p{N}/u.test(after) || !/\p{N}[.,/]$|(^|[\s=:(,[])[-−+.]$/u.test(before);
}

function endsWord(text: string, end: number): boolean {
  const before = text.slice(Math.max(0, end - 2), end);
  const after = text.slice(end, end + NEAR);
  if (!WORD_LAST.test(before)) return true;
  if (WORD_FIRST.test(after) || /^[-.‐‑][\p{L}\p{N}_]/u.test(after)) return false;
  return !/\p{N}$/u.test(before) || !/^[.,/]\p{N}/u.test(after);
}

/** What a terminal is told before a word, which is no part of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const COLOUR = /\u001b\[[\d;]*m$/;

const WORD_FIRST = /^[\p{L}\p{M}\p{N}_]/u;
const WORD_LAST = /[\p{L}\p{M}\p{N}_]$/u;
