/** The words of a list that is written as one text, with blanks or line ends between them. */
export const wordsIn = (list: string): string[] => list.trim().split(/\s+/);
