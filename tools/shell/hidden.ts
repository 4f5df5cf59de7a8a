import { codeOf } from './code.ts';
import { PastErrexit } from './past-errexit.ts';
import { isShell } from './runners.ts';
import type { Script, Shell } from './script.ts';
import { type Hidden, Told } from './told.ts';
import { Unasked } from './unasked.ts';

/**
 * The commands whose failure no exit status tells, in a block that runs with `set -euo pipefail`: as bash’s manual has it
 * of `-e`, in each shell that the block’s code starts.
 */
export const hiddenFailures = (script: Script): Hidden[] => script.shells.flatMap(hiddenIn);

function hiddenIn(shell: Shell): Hidden[] {
  const code = codeOf(shell);
  const told = new Told(shell.source);
  const [pastErrexit, unasked] = [new PastErrexit(code, told), new Unasked(code, told)];
  const { script, by, errexit, pipefail } = shell;
  if (errexit) {
    pastErrexit.list(script.commands, true);
    pastErrexit.substitutions();
    unasked.said();
    unasked.taken();
    unasked.traps();
    if (!by) pastErrexit.end();
  } else pastErrexit.unseen(script.commands, { kind: 'last-only', shell: nameOfShell(by?.program) });
  if (pipefail) unasked.pipesBelow();
  else if (told.hidden.length === 0) unasked.pipes({ kind: 'pipe', shell: nameOfShell(by?.program) });
  unasked.processes();
  unasked.finds();
  unasked.waits();
  unasked.background();
  return told.hidden;
}

const nameOfShell = (program: string | null | undefined): string =>
  isShell(program ?? null)
    ? `\`${program}\``
    : program === 'su'
      ? 'the other user’s shell'
      : 'the shell at the other side';
