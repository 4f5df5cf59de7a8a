import { speaksOfRows } from '../../tools/expect/assertion.ts';
import { compileSentence } from '../../tools/expect/compile.ts';
import { compileFence } from '../../tools/expect/fence.ts';
import { compileJson } from '../../tools/expect/json-pattern.ts';
import { jsonRows } from '../../tools/expect/json-rows.ts';
import { judgeRows } from '../../tools/expect/judge-rows.ts';
import { compareOutput } from '../../tools/expect/pattern.ts';
import { compileTable } from '../../tools/expect/table-pattern.ts';
import { judge } from '../../tools/outcome/judge.ts';

/** All that decides whether an expectation is true: what the mutants of the judge are made of. */
export const library = {
  speaksOfRows,
  compileSentence,
  compileFence,
  compileJson,
  jsonRows,
  judgeRows,
  compareOutput,
  compileTable,
  judge,
};

export type Library = typeof library;
