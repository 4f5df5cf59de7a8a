/**
 * One move of the way through a fence's patterns and the printed lines: the pattern and the line that stand beside
 * each other, by their indices; null where there is no partner.
 */
export type Move = [pattern: number | null, line: number | null];
