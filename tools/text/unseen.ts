/**
 * Characters that nobody sees: they turn the direction of what follows them, or hide in a word. Not the selectors and
 * joiners that emoji and some scripts are made with.
 */
export const UNSEEN = /(?!\p{VS}|[\u200c\u200d])[\p{DI}\u2028\u2029\ufff9-\ufffb]/gu;

/** Blanks that look like the keyboard's and are others, such as one that no line is broken at. */
const OTHER_BLANKS = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

/** A character's code, such as `U+202E`. */
export const codePoint = (sign: string): string =>
  `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;

/** The first character of a text that a reader takes for another, or for none; null where there is no such. */
export const deceptiveIn = (text: string): string | null =>
  text.match(UNSEEN)?.[0] ?? text.match(OTHER_BLANKS)?.[0] ?? null;

/** The text as a reader sees it: without what nobody sees, and with the keyboard's blanks. */
export const asSeen = (text: string): string => text.replaceAll(UNSEEN, '').replaceAll(OTHER_BLANKS, ' ');
