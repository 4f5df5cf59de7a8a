/** One line of a `text` fence: what a line of output must be, and how many of it there may be. */
export interface PatternLine {
  source: string;
  /** `any` stands for whole lines whatever they are. */
  kind: 'any' | 'line';
  least: number;
  most: number;
  test: (line: string) => boolean;
  /** Matches with one group a capture, where the line has `<name>` in it. */
  captures: { pattern: RegExp; names: string[] } | null;
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
 * SyntaxError where a regular expression is none.
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
      return byRegExp(globToRegExp(text));
    case 'regex':
    case 're':
      return byRegExp(new RegExp(`^(?:${text})$`, 'u'));
    case 'escaped':
    case 'esc': {
      const meant = unescaped(text);
      return { test: (line) => line === meant, captures: null };
    }
    default:
      return { test: (line) => line === text, captures: null };
  }
}

const byRegExp = (pattern: RegExp) => ({ test: (line: string) => pattern.test(line), captures: null });

const exactLine = (source: string): PatternLine => ({
  source,
  kind: 'line',
  least: 1,
  most: 1,
  ...exactOrCaptures(source),
});

/**
 * What a name captures: a word, or words, without blanks at their edges. A word only, unless the author asks for more:
 * `Backup of <name>` must not take `Backup of / failed` for the backup of `/ failed`.
 */
const CAPTURED = { word: '(\\S+?)', words: '(\\S(?:.*?\\S)??)' };

function exactOrCaptures(text: string): Pick<PatternLine, 'test' | 'captures'> {
  const parts = text.split(/(<[a-z_]\w*(?:\.\.\.)?>)/i);
  if (parts.length === 1) return { test: (line) => line === text, captures: null };
  const names: string[] = [];
  const sources = parts.map((part, i) => {
    if (i % 2 === 0) return quote(part);
    const name = part.replace(/^<|(?:\.\.\.)?>$/g, '');
    const again = names.indexOf(name);
    if (again >= 0) return `(?:\\${again + 1})`;
    names.push(name);
    return part.endsWith('...>') ? CAPTURED.words : CAPTURED.word;
  });
  const pattern = new RegExp(`^${sources.join('')}$`, 'su');
  return { test: (line) => pattern.test(line), captures: { pattern, names } };
}

const quote = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const globToRegExp = (glob: string) =>
  new RegExp(`^${quote(glob).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, 'su');

const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\', e: '\u001b' };

const unescaped = (text: string) =>
  text.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/gi, (whole, hex: string | undefined, letter: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[letter] ?? whole),
  );
