/**
 * Splits a command of compose.yaml into words as compose does: quotes group, a backslash outside of single quotes
 * takes the next character as it is, and nothing is expanded. Returns null where a quote is not closed. No package
 * does so: shlex keeps most backslashes in double quotes and reads `$'…'`, and shell-quote finds operators and
 * variables.
 */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && quote !== "'") word = (word ?? '') + text.charAt(++at);
    else if (quote && character === quote) quote = '';
    else if (quote) word += character;
    else if (character === '"' || character === "'") [quote, word] = [character, word ?? ''];
    else if (!/\s/.test(character)) word = (word ?? '') + character;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  if (word !== null) words.push(word);
  return quote ? null : words;
}

/** One word of a shell command that means exactly `text`. */
export const quoteWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
