/** A word in single quotes, which every POSIX shell takes as it is. */
export const singleQuoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A word that every POSIX shell reads as itself, without quotes where it needs none. */
export const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : singleQuoted(word));
