/**
 * Whether a text stands in another one as whole words and numbers: `healthy` does not stand so in `unhealthy`, nor
 * in `non-healthy` or `healthy.old`, nor `1` in `10`, `1.5`, `1,000`, `1/3` or `-1`. A sign at the edge of the text, such as
 * a quote or a bracket, is whole by itself. The text counts as a terminal shows it. Of one that is `cutOff`, what stands at
 * its end is not known to be whole.
 */
export function holdsWords(text: string, sought: string, cutOff = false): boolean {
  if (sought === '') return true;
  const shown = asShown(text, sought);
  const last = shown.length - sought.length - (cutOff ? NEAR : 0);
  for (let at = shown.indexOf(sought); at >= 0 && at <= last; at = shown.indexOf(sought, at + 1)) {
    if (beginsWord(shown, at) && endsWord(shown, at + sought.length)) return true;
  }
  return false;
}

/**
 * A text as a terminal shows it: without what tells it colours, which may begin and end within a word. Where such is
 * sought, it is the text as it is.
 */
export const asShown = (text: string, sought: string): string =>
  COLOUR.test(sought) ? text : text.replaceAll(COLOURS, '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const COLOUR = /\u001b\[[\d;]*[mK]/;
/** The last may have been cut off with the text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const COLOURS = /\u001b\[[\d;]*(?:[mK]|$)|\u001b$/g;

/** So much before or behind a place is enough to see whether a word or a number goes on there. */
const NEAR = 4;

function beginsWord(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - NEAR), at);
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

const WORD_FIRST = /^[\p{L}\p{M}\p{N}_]/u;
const WORD_LAST = /[\p{L}\p{M}\p{N}_]$/u;
