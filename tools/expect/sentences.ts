import type { SentenceDefinition } from './definition.ts';
import { cellIs, cellIsWhere, cellsEqual } from './sentences/cell.ts';
import { everyIs } from './sentences/every-cell.ts';
import { exits } from './sentences/exits.ts';
import { locksAtMost } from './sentences/locks.ts';
import { complains, contains, prints, printsLines, printsNot, printsNothing } from './sentences/printed.ts';
import { failsWith } from './sentences/refusal.ts';
import { rowCount, rowCountWhere, touchesRows } from './sentences/row-count.ts';
import { rowNames } from './sentences/row-names.ts';
import { theValue } from './sentences/value.ts';

/** The language of expectations, whole: of several that read a sentence, the first is meant. */
export const SENTENCES: readonly SentenceDefinition[] = [
  exits,
  locksAtMost,
  printsNothing,
  printsLines,
  printsNot,
  prints,
  contains,
  complains,
  failsWith,
  touchesRows,
  theValue,
  rowCount,
  rowNames,
  rowCountWhere,
  everyIs,
  cellsEqual,
  cellIsWhere,
  cellIs,
];
