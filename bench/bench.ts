/** What one bench found, as a table in Markdown, with a sentence or two on how to read it. */
export interface BenchTable {
  head: string[];
  rows: string[][];
  reading: string;
}

export interface Bench {
  title: string;
  /** Takes its measurements; `tiny` only shows that it can, in seconds. */
  run(options: { tiny: boolean }): Promise<BenchTable>;
}
