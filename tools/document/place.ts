import type Token from 'markdown-it/lib/token.mjs';
import type { Place } from './problem.ts';

/** Where the text of a line of the document (from 1) begins, behind list marks and indentation. */
export function placeInLine(lines: string[], line: number): Place {
  const marks = /^[\s>]*(([-*+]|\d+[.)])[ \t]+)*/.exec(lines[line - 1] ?? '')?.[0] ?? '';
  return { line, column: marks.length + 1 };
}

/** Where a token's text begins. */
export const placeOfToken = (lines: string[], token: Token): Place =>
  placeInLine(lines, (token.map?.[0] ?? 0) + 1);
