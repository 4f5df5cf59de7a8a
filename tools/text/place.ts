import { lastAtMost } from './search.ts';

/** A position in a text: both from 1, columns in UTF-16 code units, as editors count. */
export interface Place {
  line: number;
  column: number;
}

/**
 * The place, in a file, of a character of `text` (its index, in UTF-16 units): the first line of `text` begins at
 * `first`, and its others begin in column `margin`.
 */
export function placeIn(text: string, offset: number, first: Place, margin = first.column): Place {
  const before = text.slice(0, offset).split('\n');
  const column = (before.length === 1 ? first.column : margin) + (before.at(-1) ?? '').length;
  return { line: first.line + before.length - 1, column };
}

/** As placeIn, of many characters of one text: its lines are counted once. */
export function placesIn(text: string, first: Place, margin = first.column): (offset: number) => Place {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    const line = lastAtMost(starts, offset);
    const column = (line === 0 ? first.column : margin) + offset - (starts[line] as number);
    return { line: first.line + line, column };
  };
}

/** How many UTF-16 units so many characters are: PostgreSQL counts characters, and JavaScript units. */
export const codeUnits = (text: string, characters: number): number =>
  [...text].slice(0, characters).join('').length;
