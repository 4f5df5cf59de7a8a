/** A text as a regular expression that fits just this text, in JavaScript's syntax and in RE2's. */
export const quoteRegex = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
