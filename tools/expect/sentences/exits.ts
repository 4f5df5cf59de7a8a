import { defineSentence } from '../definition.ts';
import { verdict } from '../verdict.ts';

export const exits = defineSentence({
  forms: {
    'exits {count}': 'exits 1',
    'exits with( status)( code) {count}': 'exits with 1',
    'exit( status)( code) {count}': 'exit status 1',
  },
  of: 'exit-status',
  means: 'the block’s exit status; without this sentence it must be 0',
  compile: (status) => (exitCode) => verdict(exitCode === status, `exits ${status}`, `exits ${exitCode}`),
});
