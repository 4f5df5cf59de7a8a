import { lastAtMost } from '../text/search.ts';
import type { Node, NodeOf } from './syntax.ts';

/** A text of shell code, and where in the block each of its characters stands. */
export interface Source {
  text: string;
  /** From an index of `text` to one of the block's text, both in UTF-16 units. */
  at(pos: number): number;
}

/** The whole block. */
export const wholeSource = (text: string): Source => ({ text, at: (pos) => pos });

/** A text that stands nowhere as it is: all of it is said to be where the one is that it was made from. */
export const sourceWithin = (text: string, offset: number): Source => ({ text, at: () => offset });

/** Pieces of text, each with its place. */
class Pieces {
  private text = '';
  private readonly starts: number[] = [];
  private readonly offsets: number[] = [];

  add(piece: string, offset: number): void {
    if (piece === '') return;
    this.starts.push(this.text.length);
    this.offsets.push(offset);
    this.text += piece;
  }

  source(): Source {
    const { text, starts, offsets } = this;
    const at = (pos: number) => {
      const piece = lastAtMost(starts, pos);
      return (offsets[piece] ?? 0) + pos - (starts[piece] ?? 0);
    };
    return { text, at };
  }
}

/** What the shell that is started with these words as its code reads: one text, blanks between the words. */
export function codeOfWords(words: readonly NodeOf<'Word'>[], outer: Source): Source {
  const pieces = new Pieces();
  for (const [i, word] of words.entries()) {
    if (i > 0) pieces.add(' ', outer.at(word.pos));
    if (word.parts) for (const part of word.parts) addPart(pieces, part, outer);
    else addUnescaped(pieces, outer.text.slice(word.pos, word.end), word.pos, outer, /\\([\s\S])/g);
  }
  return pieces.source();
}

/** What a shell reads that a here-document is the input of. */
export function codeOfHereDocument({ body }: NodeOf<'HereDoc'>, outer: Source): Source {
  const pieces = new Pieces();
  if (!body.parts) pieces.add(body.text, outer.at(body.pos));
  else for (const part of body.parts) addQuoted(pieces, part, outer);
  return pieces.source();
}

function addPart(pieces: Pieces, part: Node, outer: Source): void {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') {
    for (const child of part.parts) addQuoted(pieces, child, outer);
  } else if (part.type === 'SingleQuoted') pieces.add(part.value, outer.at(part.pos + 1));
  else if (part.type === 'Literal')
    addUnescaped(pieces, outer.text.slice(part.pos, part.end), part.pos, outer, /\\([\s\S])/g);
  else addQuoted(pieces, part, outer);
}

/** A part inside double quotes or of a here-document. What is expanded is unknown: a variable of its length stands for it. */
function addQuoted(pieces: Pieces, part: Node, outer: Source): void {
  const raw = outer.text.slice(part.pos, part.end);
  if (part.type === 'Literal') addUnescaped(pieces, raw, part.pos, outer, /\\([$`"\\\n])/g);
  else if (part.type === 'SimpleExpansion' || part.type === 'Glob') pieces.add(raw, outer.at(part.pos));
  else pieces.add(`$${'x'.repeat(Math.max(1, raw.length - 1))}`, outer.at(part.pos));
}

function addUnescaped(pieces: Pieces, raw: string, pos: number, outer: Source, escaped: RegExp): void {
  let from = 0;
  for (const match of raw.matchAll(escaped)) {
    pieces.add(raw.slice(from, match.index), outer.at(pos + from));
    if (match[1] !== '\n') pieces.add(match[1] ?? '', outer.at(pos + match.index + 1));
    from = match.index + match[0].length;
  }
  pieces.add(raw.slice(from), outer.at(pos + from));
}
