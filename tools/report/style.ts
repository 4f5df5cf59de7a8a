import { stripVTControlCharacters } from 'node:util';

/** How words are shown: in colour on a terminal, unless NO_COLOR is set; else as they are. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  quiet(text: string): string;
  strong(text: string): string;
}

const plain = (text: string) => text;
const ansi = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

const PLAIN: Style = { good: plain, bad: plain, quiet: plain, strong: plain };

export function styleFor(
  stream: { isTTY?: boolean },
  environment: Record<string, string | undefined>,
): Style {
  if (!stream.isTTY || environment.NO_COLOR || environment.TERM === 'dumb') return PLAIN;
  return { good: ansi(32, 39), bad: ansi(31, 39), quiet: ansi(2, 22), strong: ansi(1, 22) };
}

/** Output of a block may hold control sequences of its own, which are not for this terminal. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '');

/**
 * With what cannot be seen written out, where that may be the difference: control characters, blanks at the
 * end.
 */
export const visible = (text: string): string =>
  text
    .replaceAll(
      /\p{Cc}/gu,
      (sign) => ESCAPES[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .replace(/ +$/, (blanks) => '·'.repeat(blanks.length));

const ESCAPES: Record<string, string> = { '\t': '\\t', '\r': '\\r' };

/** Cut to so many columns; wide characters count as two. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  return `${fitting(text, columns - 1)}…`;
}

/** The beginning of a text that fits into so many columns: one character at least. */
export function fitting(text: string, columns: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += widthOf(character);
    if (used > columns && kept !== '') return kept;
    kept += character;
  }
  return kept;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;

export const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);

/** Padded with blanks to so many columns. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));
