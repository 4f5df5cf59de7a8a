import { type PatternLine, parsePatternLine } from './pattern-line.ts';

/** An output fence's lines, compiled; or the index of the first that has a regular expression that is none. */
export type CompiledFence = { patterns: PatternLine[] } | { invalid: number };

/** Compiles a fence's lines when the document is made. Never throws. */
export function compileFence(lines: string[]): CompiledFence {
  const patterns: PatternLine[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      patterns.push(parsePatternLine(line));
    } catch {
      return { invalid: index };
    }
  }
  return { patterns };
}
