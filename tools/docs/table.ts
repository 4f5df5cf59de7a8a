/** A table in Markdown. */
export function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(lineOf).join('\n');
}

/** An empty cell is one space, as in a table that is written by hand. */
const lineOf = (cells: string[]) => `|${cells.map((cell) => (cell ? ` ${escaped(cell)} ` : ' ')).join('|')}|`;

const escaped = (text: string) => text.replaceAll('|', '\\|');
