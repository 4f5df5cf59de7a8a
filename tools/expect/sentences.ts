import type { Sentence } from './sentence.ts';
import { cellIs, cellIsAtLeast, cellIsAtMost, cellIsNot, cellIsWhere, cellsEqual } from './sentences/cell.ts';
import { everyIs, everyIsAtLeast, everyIsAtMost, everyIsNot } from './sentences/every-cell.ts';
import { complains, exits, prints, printsLines, printsNot, printsNothing } from './sentences/printed.ts';
import { failsWith } from './sentences/refusal.ts';
import { atLeastRows, atMostRows, noRows, rowCount, touchesRows } from './sentences/row-count.ts';
import { rowNames } from './sentences/row-names.ts';

/** The language of expectations, whole: the first that reads a sentence is meant. */
export const SENTENCES: readonly Sentence[] = [
  noRows,
  atLeastRows,
  atMostRows,
  touchesRows,
  rowNames,
  rowCount,
  everyIsAtLeast,
  everyIsAtMost,
  everyIsNot,
  everyIs,
  cellIsWhere,
  cellIsAtLeast,
  cellIsAtMost,
  cellIsNot,
  cellIs,
  cellsEqual,
  failsWith,
  exits,
  printsNothing,
  printsLines,
  printsNot,
  prints,
  complains,
] as Sentence[];
