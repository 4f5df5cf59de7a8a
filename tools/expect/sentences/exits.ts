import { defineSentence } from '../definition.ts';
import { verdict } from '../verdict.ts';

export const exits = defineSentence({
  expression: 'exits {count}',
  of: 'exit-status',
  means: 'the block’s exit status; without this sentence it must be 0',
  example: 'exits 1',
  compile: (status) => (exitCode) => verdict(exitCode === status, `exits ${status}`, `exits ${exitCode}`),
});
