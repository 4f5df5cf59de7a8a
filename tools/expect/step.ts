/** What became of a pattern and a line, by their indices; null where there is no partner. */
export type Step = [pattern: number | null, line: number | null];
