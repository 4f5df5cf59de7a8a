import { isAmbiguous, type PatternLine, parsePatternLine } from './pattern-line.ts';
import { RegexError } from './regex.ts';

/**
 * An output fence's lines, compiled; or the first that cannot be read: its index, where in it, in UTF-16 units, and why:
 * `ambiguous`, or what is wrong with its regular expression.
 */
export type CompiledFence = { patterns: PatternLine[] } | { invalid: number; offset: number; why: string };

/** Compiles a fence's lines when the document is made. Never throws. */
export function compileFence(lines: string[]): CompiledFence {
  const patterns: PatternLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (isAmbiguous(line)) return { invalid: index, offset: 0, why: 'ambiguous' };
    try {
      patterns.push(parsePatternLine(line));
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      return { invalid: index, offset: error.offset, why: error.message };
    }
  }
  return { patterns };
}
