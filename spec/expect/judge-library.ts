/** All that decides whether an expectation is true: what the mutants of the judge are made of. */
export { speaksOfRows } from '../../tools/expect/assertion.ts';
export { compileSentence } from '../../tools/expect/compile.ts';
export { CONDITIONS } from '../../tools/expect/condition.ts';
export { compileFence } from '../../tools/expect/fence.ts';
export { jsonRows } from '../../tools/expect/json-rows.ts';
export { judgeRows } from '../../tools/expect/judge-rows.ts';
export { compareOutput } from '../../tools/expect/pattern.ts';
export { QUANTITIES } from '../../tools/expect/quantity.ts';
export { SENTENCES } from '../../tools/expect/sentences.ts';
export { judge } from '../../tools/outcome/judge.ts';
export { compileJson } from '../../tools/expect/json-pattern.ts';
export { compileTable } from '../../tools/expect/table-pattern.ts';
