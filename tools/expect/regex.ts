import { RE2JS, RE2JSException } from 're2js';

/** A regular expression, in RE2's syntax: it takes time in proportion to the line, whatever it says. */
export interface Regex {
  /** Whether it matches a text: of a line, from its first character to its last. */
  test(text: string): boolean;
}

/** Why a text is no regular expression, in words, and where in it, in UTF-16 units. */
export class RegexError extends SyntaxError {
  override name = 'RegexError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Compiles a regular expression; `.` stands for a line's end, too, where a line has one in it. Throws RegexError where
 * it is none, or has in it what RE2 cannot do in linear time: look-around and back references.
 */
export function compileRegex(source: string): Regex {
  const regex = compiled(source, RE2JS.DOTALL);
  return { test: (line) => regex.testExact(line) };
}

/** Compiles a regular expression that a text matches where something in it does. Throws as `compileRegex` does. */
export function compileSearch(source: string, ignoreCase: boolean): Regex {
  const regex = compiled(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return { test: (text) => regex.test(text) };
}

function compiled(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw refusal(source, error);
  }
}

const UNSUPPORTED: [RegExp, string][] = [
  [/\(\?<?[=!]/, 'look-around is not read'],
  [/\\(?:[1-9]|k<)/, 'a back reference is not read'],
];

function refusal(source: string, { message }: RE2JSException): RegexError {
  for (const [pattern, why] of UNSUPPORTED) {
    const found = pattern.exec(source);
    if (found) return new RegexError(`${why} (\`${found[0]}\`)`, found.index);
  }
  // Its message ends with the part of the expression that it stumbles over.
  const said = message.replace(/^error parsing regexp: /, '');
  const at = said.endsWith('`') ? said.indexOf(': `') : -1;
  const [why, part] = at < 0 ? [said, ''] : [said.slice(0, at), said.slice(at + ': `'.length, -1)];
  return new RegexError(
    part && part !== source ? `${why} (\`${part}\`)` : why,
    Math.max(0, source.indexOf(part)),
  );
}
