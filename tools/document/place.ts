import type Token from 'markdown-it/lib/token.mjs';
import type { Place } from './problem.ts';

/** Where a token's text begins in the document's lines, behind list marks and indentation. */
export function placeOfToken(lines: string[], token: Token): Place {
  const line = token.map?.[0] ?? 0;
  const marks = /^[\s>]*(([-*+]|\d+[.)])[ \t]+)*/.exec(lines[line] ?? '')?.[0] ?? '';
  return { line: line + 1, column: marks.length + 1 };
}

/** The index of the token that closes the one at `i`. */
export function closing(tokens: Token[], i: number): number {
  const level = tokens[i]?.level;
  let j = i + 1;
  while (j < tokens.length && !(tokens[j]?.level === level && tokens[j]?.nesting === -1)) j++;
  return j;
}

/** Whether a fence has its closing line: without one it takes all that follows. */
export function isClosed(fence: Token): boolean {
  const [first, end] = fence.map as [number, number];
  const lines = fence.content === '' ? 0 : fence.content.replace(/\n$/, '').split('\n').length;
  return end - first === lines + 2;
}

const STARTS = new Set([
  'heading_open',
  'fence',
  'paragraph_open',
  'bullet_list_open',
  'ordered_list_open',
  'html_block',
  'code_block',
  'hr',
  'th_open',
  'td_open',
]);

/** Whether a token begins something of its own on the page. */
export const startsAnew = ({ type }: Token): boolean => STARTS.has(type);
