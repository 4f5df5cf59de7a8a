import type { Block, Document } from '../document/document.ts';
import type { Place } from '../document/problem.ts';

/** A line of shell code with its place in the document. */
export interface ShellLine extends Place {
  text: string;
  block: Block;
}

/** The code lines of all shell blocks: no comments, no here-documents, `\` continuations joined. */
export function shellLines(document: Document): ShellLine[] {
  return document.blocks.filter(({ language }) => language !== 'sql').flatMap(linesOf);
}

function linesOf(block: Block): ShellLine[] {
  const lines: ShellLine[] = [];
  let until: string | null = null;
  let open: ShellLine | null = null;
  for (const [i, raw] of block.text.split('\n').entries()) {
    if (until !== null) {
      if (raw.trim() === until) until = null;
      continue;
    }
    const text = raw.replace(/(^|\s)#.*$/, '');
    const line: ShellLine = open
      ? { ...open, text: `${open.text} ${text.trim()}` }
      : {
          text,
          block,
          line: block.body.line + i,
          column: block.body.column + (text.length - text.trimStart().length),
        };
    open = text.endsWith('\\') ? { ...line, text: line.text.slice(0, -1) } : null;
    if (open || line.text.trim() === '') continue;
    lines.push(line);
    until = /<<-?\s*['"]?(\w+)['"]?/.exec(text.replaceAll('<<<', ''))?.[1] ?? null;
  }
  return lines;
}

/** Where a match begins in the document; of a joined line, its first line. */
export const placeOf = ({ line, column, text }: ShellLine, index: number): Place => ({
  line,
  column: column + Math.max(0, index - (text.length - text.trimStart().length)),
});

/** Reports every match of a pattern in the shell code. */
export function eachMatch(
  document: Document,
  pattern: RegExp,
  found: (match: RegExpExecArray, line: ShellLine, at: Place) => void,
): void {
  for (const line of shellLines(document)) {
    for (const match of line.text.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
      found(match, line, placeOf(line, match.index + (/^[\s;&|(]*/.exec(match[0])?.[0].length ?? 0)));
    }
  }
}
