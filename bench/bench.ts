/** What one bench found, as a table in Markdown, with a sentence or two on how to read it. */
export interface BenchTable {
  head: string[];
  rows: string[][];
  reading: string;
  /** What is kept of each commit: a ratio by the name of what was measured; less is better. */
  ratios: Record<string, number>;
}

export interface Bench {
  title: string;
  /** Takes its measurements. */
  run(options: BenchOptions): Promise<BenchTable>;
}

export interface BenchOptions {
  /** It only shows that it can, in seconds. */
  tiny: boolean;
  /** With how many contents, where it is about contents; as many as the page has where none is named. */
  contents: number[];
}
