import { isAmbiguous, type PatternLine, parsePatternLine } from './pattern-line.ts';

/** An output fence's lines, compiled; or the index of the first that cannot be read, and why. */
export type CompiledFence = { patterns: PatternLine[] } | { invalid: number; why: 'no-regex' | 'ambiguous' };

/** Compiles a fence's lines when the document is made. Never throws. */
export function compileFence(lines: string[]): CompiledFence {
  const patterns: PatternLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (isAmbiguous(line)) return { invalid: index, why: 'ambiguous' };
    try {
      patterns.push(parsePatternLine(line));
    } catch {
      return { invalid: index, why: 'no-regex' };
    }
  }
  return { patterns };
}
