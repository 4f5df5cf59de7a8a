import { quoteRegex } from '../text/quote-regex.ts';
import { gapFiller, namedGaps } from './named-gaps.ts';
import { compileRegex } from './regex.ts';

/** One line of a `text` fence: what a line of output must be, and how many of it there may be. */
export interface PatternLine {
  source: string;
  /** `any` stands for whole lines whatever they are. */
  kind: 'any' | 'line';
  least: number;
  most: number;
  test: (line: string) => boolean;
  /** The `<name>`s in it, and what each stands for in a line that it accepts; null where it has none. */
  captures: { names: string[]; of: (line: string) => Record<string, string> } | null;
}

const QUANTITY: Record<string, [number, number]> = {
  '': [1, 1],
  '?': [0, 1],
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
};

const SUFFIX = /^(.*?) \((equal|eq|glob|gl|regex|re|escaped|esc)([?*+]?)\)$/s;

/**
 * Whether a line ends in ` (?)`, ` (*)` or ` (+)`. Scrut reads that as so many of the line; but `Continue (?)` is
 * ordinary text, too, and a line that is optional by accident accepts its own absence. So it is neither here: the
 * author says ` (equal?)` or ` (equal)`.
 */
export const isAmbiguous = (source: string): boolean => /^.*? \([?*+]\)$/s.test(source);

/**
 * Reads a line as Scrut does: `...`, ` (glob)`, ` (regex)`, ` (escaped)`, ` (equal)`, each with `?`, `*` or
 * `+`; `<name>` captures the word that stands there, and `<name...>` words with blanks between them. Throws
 * RegexError where a regular expression is none.
 */
export function parsePatternLine(source: string): PatternLine {
  if (source.trim() === '...') {
    return {
      source,
      kind: 'any',
      least: 0,
      most: Number.POSITIVE_INFINITY,
      test: () => true,
      captures: null,
    };
  }
  const [, text, word, quantity = ''] = SUFFIX.exec(source) ?? [];
  if (text === undefined) return exactLine(source);
  const [least, most] = QUANTITY[quantity] as [number, number];
  return { source, kind: 'line', least, most, ...matcher(text, word) };
}

function matcher(text: string, word: string | undefined): Pick<PatternLine, 'test' | 'captures'> {
  switch (word) {
    case 'glob':
    case 'gl':
      return byRegex(globToRegex(text));
    case 'regex':
    case 're':
      return byRegex(text);
    case 'escaped':
    case 'esc': {
      const meant = unescaped(text);
      return { test: (line) => line === meant, captures: null };
    }
    default:
      return { test: (line) => line === text, captures: null };
  }
}

const byRegex = (source: string) => ({ test: compileRegex(source).test, captures: null });

const exactLine = (source: string): PatternLine => ({
  source,
  kind: 'line',
  least: 1,
  most: 1,
  ...exactOrCaptures(source),
});

function exactOrCaptures(text: string): Pick<PatternLine, 'test' | 'captures'> {
  const gaps = namedGaps(text);
  if (!gaps) return { test: (line) => line === text, captures: null };
  const fill = gapFiller(gaps);
  const names = [...new Set(gaps.names.map(({ name }) => name))];
  return { test: (line) => fill(line) !== null, captures: { names, of: (line) => fill(line) ?? {} } };
}

const globToRegex = (glob: string) => quoteRegex(glob).replaceAll('\\*', '.*').replaceAll('\\?', '.');

const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\', e: '\u001b' };

const unescaped = (text: string) =>
  text.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/gi, (whole, hex: string | undefined, letter: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[letter] ?? whole),
  );
