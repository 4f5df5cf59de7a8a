import type { SentenceDefinition } from './definition.ts';
import { cellIs, cellIsAtLeast, cellIsAtMost, cellIsNot, cellIsWhere, cellsEqual } from './sentences/cell.ts';
import { everyIs, everyIsAtLeast, everyIsAtMost, everyIsNot } from './sentences/every-cell.ts';
import { exits } from './sentences/exits.ts';
import { locksAtMost } from './sentences/locks.ts';
import { complains, prints, printsLines, printsNot, printsNothing } from './sentences/printed.ts';
import { failsWith } from './sentences/refusal.ts';
import { atLeastRows, atMostRows, noRows, rowCount, touchesRows } from './sentences/row-count.ts';
import { rowNames } from './sentences/row-names.ts';

/** The language of expectations, whole: of several that read a sentence, the first is meant. */
export const SENTENCES: readonly SentenceDefinition[] = [
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
  locksAtMost,
  printsNothing,
  printsLines,
  printsNot,
  prints,
  complains,
];
