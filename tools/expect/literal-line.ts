import { isAmbiguous, parsePatternLine } from './pattern-line.ts';
import { RegexError } from './regex.ts';

/** Whether a line of a `text` fence, as it stands, is the line of output that reads like it, and no other. */
export const meansItself = (line: string): boolean => !isAmbiguous(line) && means(line, line);

/**
 * A line of output as a `text` fence writes it: bare where that says the same, else marked as what it is; null where no
 * line of a fence says it.
 */
export function literalLine(line: string): string | null {
  const isPlain = !/\p{Cc}|^\s*(```|~~~)/u.test(line);
  if (isPlain && meansItself(line)) return line;
  const escaped = line.replaceAll(/\\|^`|^~|\p{Cc}/gu, (sign) =>
    sign === '\\' ? '\\\\' : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  const equal = isPlain ? [`${line} (equal)`] : [];
  return [...equal, `${escaped} (escaped)`].find((text) => means(text, line)) ?? null;
}

/** Stand around a line to see whether a pattern accepts more than it. */
const PROBES = ['\u0001', ''];

function means(text: string, line: string): boolean {
  try {
    const { kind, least, most, captures, test } = parsePatternLine(text);
    const isOne = kind === 'line' && least === 1 && most === 1 && captures === null;
    return (
      isOne && test(line) && PROBES.every((probe) => !test(`\u0001${line}${probe}`) && !test(`${line}\u0001`))
    );
  } catch (error) {
    if (error instanceof RegexError) return false;
    throw error;
  }
}
