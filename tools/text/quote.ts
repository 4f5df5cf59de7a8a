/** A word as every POSIX shell reads it back: in single quotes, unless it needs none. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
