import { expect, it } from 'vitest';
import { programsOf } from '../../tools/plan/programs.ts';
import { runbook } from '../support/blocks.ts';
import { blockOf } from '../support/document.ts';

const programs = (...script: string[]) =>
  programsOf(blockOf('# Shop', '', '## Step 1: Go', '', '```sh { name=go }', ...script, '```'));
const names = (...script: string[]) => programs(...script).map(({ program }) => program);

it.each([
  ['a pipe, with an assignment', 'A=1 one --x | two', ['one', 'two']],
  ['lists and negations', '! one && two || three; four & wait', ['one', 'two', 'three', 'four']],
  [
    'substitutions, in quotes and in a here-document',
    'echo "$(one)" `two`; cat <<E\n$(three)\nE',
    ['one', 'two', 'cat', 'three'],
  ],
  ['processes as files', 'one <(two)', ['one', 'two']],
  [
    'compound commands',
    'if one; then two; else (three); fi; while four; do { five; }; done',
    ['one', 'two', 'three', 'four', 'five'],
  ],
  ['cases', 'case $x in a) one ;; *) two ;; esac', ['one', 'two']],
  ['what runs something else', 'exec one; command two; env A=1 three', ['one', 'two', 'env', 'three']],
  ['each once', 'one; one', ['one']],
])('%s', (_, script, expected) => {
  expect(names(...script.split('\n'))).toEqual(expected);
});

it.each([
  ['builtins and keywords', 'set -e; [ -e x ] || [[ -e x ]]; (( 1 )); printf x; export A; :'],
  ['functions', 'one() { true; }; one'],
  ['aliases', "alias one='true x'; one"],
  ['paths, which an earlier block may have made', './one; /opt/x/two'],
  ['what a variable names', '$one; "${two}" x'],
  ['assignments alone', 'A=1 B=two'],
  ['words of a command', 'echo one two; # three'],
  ['a quoted here-document', "read -r x <<'E'\n$(one)\nE"],
  ['what the block asks for itself', 'if command -v one; then one; fi; type two && two'],
  ['a block with a PATH of its own', 'PATH=/opt/x:$PATH; one'],
  ['a block that reads other scripts', '. ./env.sh; one'],
])('no %s', (_, script) => {
  expect(names(...script.split('\n'))).toEqual([]);
});

it('tells line and column of the first call', () => {
  expect(programs('echo hello', '  true | one', 'one')).toEqual([
    { program: 'one', block: 'go', line: 7, column: 10 },
  ]);
});

it('knows what the runbook calls here', () => {
  const local = runbook.blocks.filter(({ on }) => on === 'local').flatMap(programsOf);
  expect([...new Set(local.map(({ program }) => program))].sort()).toEqual(['curl', 'grep', 'sed']);
});
