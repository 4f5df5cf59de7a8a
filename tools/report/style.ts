import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'fast-string-width';
import { codePoint, UNSEEN } from '../text/unseen.ts';

/** How words are shown: in colour on a terminal, or where FORCE_COLOR says so, unless NO_COLOR is set; else as they are. */
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
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  if (NO_COLOR || !(isForced || (stream.isTTY && TERM !== 'dumb'))) return PLAIN;
  return { good: ansi(32, 39), bad: ansi(31, 39), quiet: ansi(2, 22), strong: ansi(1, 22) };
}

const UNSEEN_OR_JOINING = /[\p{DI}\u2028\u2029\ufff9-\ufffb]/gu;

const code = (sign: string) => `<${codePoint(sign)}>`;

/**
 * Text for a person: without control sequences, which are not for this terminal, and with each character that nobody
 * sees as its code, such as `<U+202E>`.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .replaceAll(UNSEEN, code);

/** With all that cannot be seen written out, where that may be the difference: also blanks at the end. */
export const visible = (text: string): string => {
  const shown = text
    .replaceAll(
      /\p{Cc}/gu,
      (sign) => ESCAPES[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .replaceAll(UNSEEN_OR_JOINING, code);
  const end = shown.length - blanksAtEnd(shown);
  return shown.slice(0, end) + '·'.repeat(shown.length - end);
};

function blanksAtEnd(text: string): number {
  let blanks = 0;
  while (text[text.length - 1 - blanks] === ' ') blanks += 1;
  return blanks;
}

const ESCAPES: Record<string, string> = { '\t': '\\t', '\r': '\\r' };

/** Cut to so many columns; wide characters count as two. */
export function clip(text: string, columns: number): string {
  if (fitting(text, columns) === text) return text;
  return `${fitting(text, columns - 1)}…`;
}

/**
 * What of a text, from `start` on, fits into so many columns: one character at least, where there is one. It looks no
 * further than that, however long the text is.
 */
export function fitting(text: string, columns: number, start = 0): string {
  let used = 0;
  let end = start;
  for (let point = text.codePointAt(end); point !== undefined; point = text.codePointAt(end)) {
    const character = String.fromCodePoint(point);
    used += widthOf(character);
    if (used > columns && end > start) break;
    end += character.length;
  }
  return text.slice(start, end);
}

/**
 * The columns that a text takes on a terminal: wide characters take two, colours and marks that join the one before them
 * none.
 */
export const widthOf = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : stringWidth(text));

/**
 * A line in as many of at most `columns` as it takes, broken at blanks, the later ones two columns further in than it. A
 * word that is longer than a line is left whole, as a path or a command is that somebody copies. Colours are no columns.
 */
export function wrapped(line: string, columns: number): string[] {
  if (line.length <= columns && NARROW.test(line)) return [line];
  const [start = '', indent = ''] = OPENING.exec(line) ?? [];
  const lines: string[] = [];
  let current = start;
  let used = indent.length;
  for (const [i, word] of line.slice(start.length).split(' ').entries()) {
    const width = widthOf(word);
    if (i > 0 && used + 1 + width > columns) {
      lines.push(current);
      current = `${indent}  ${word}`;
      used = indent.length + 2 + width;
    } else {
      current += i > 0 ? ` ${word}` : word;
      used += width + (i > 0 ? 1 : 0);
    }
  }
  return [...lines, current];
}

/** Signs of which each surely takes one column: most lines are made of them, and measuring takes time. */
const NARROW = /^[ -~│✓✗…–·]*$/;

/** The colours that a line begins with, and its indentation. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour is one.
const OPENING = /^(?:\u001b\[\d+m)*( *)/;

/** Padded with blanks to so many columns. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));
