/** Lines of a page that give way to others: from the first on, up to the one before `end`, both counted from 0. */
export interface Change {
  start: number;
  end: number;
  lines: string[];
}
