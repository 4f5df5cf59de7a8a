import type { Document, ShellBlock } from '../../document/document.ts';
import type { Place, Problem, Report } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import { nameOf } from '../../shell/failing.ts';
import { hiddenFailures } from '../../shell/hidden.ts';
import { isShell, shellStart } from '../../shell/runners.ts';
import { type Call, readFileOf } from '../../shell/script.ts';
import { everyNode } from '../../shell/syntax.ts';
import type { Hidden } from '../../shell/told.ts';
import { placesIn } from '../../text/place.ts';
import type { Beside, Rule } from '../rule.ts';

/** A block that passes has done all that it says. */
export const hidden: Rule = {
  name: 'hidden-failure',
  scripts:
    (report, document, beside) =>
    ({ block, script, place }) => {
      // Of code that bash does not read as it was meant, nothing else can be said.
      if (script.fault) return;
      for (const one of hiddenFailures(script)) {
        if ('told' in one && isJudged(one.told, block)) continue;
        if ((one.kind === 'said' || one.kind === 'taken') && block.expectations.some(isOfOutput)) continue;
        if (one.kind === 'or-true' && !isJudgedByEnd(block, document)) continue;
        report(problemOf(one, place));
      }
      if (block.on === 'local')
        for (const call of script.calls) checkFile(call, { dir: block.cwd, place, beside, report });
    },
};

/**
 * What is hidden first in a script that a block runs beside the page. Where a shell goes to another directory, or to another
 * machine, before, its path leads elsewhere, and nothing is said.
 */
function checkFile(
  call: Call,
  {
    dir,
    place,
    beside,
    report,
  }: { dir: string | null; beside: Beside; report: Report; place(offset: number): Place },
): void {
  if (!isShell(call.program) || call.elsewhere || call.byFunction) return;
  const file = shellStart(call.args).file?.value ?? '';
  const moves = everyNode(call.shell.script).some((node) => /^(cd|pushd)$/.test(nameOf(node) ?? ''));
  const text = file === '' || file.includes('\0') || moves ? null : beside(dir ? `${dir}/${file}` : file);
  const script = text === null ? null : readFileOf(call, text);
  const [first] =
    script && !script.fault ? hiddenFailures(script).filter(({ kind }) => kind !== 'or-true') : [];
  if (text === null || !first) return;
  const { line, message, remedy } = problemOf(first, placesIn(text, { line: 1, column: 1 }));
  report(problems.fileHides(place(call.offset), file, String(line), message, remedy));
}

function problemOf(one: Hidden, place: (offset: number) => Place): Problem {
  const at = place(one.offset);
  switch (one.kind) {
    case 'last-only':
      return problems.lastStatusOnly(at, one.shell);
    case 'pipe':
      return problems.pipeHides(at, one.shell);
    case 'and':
      return problems.andHides(at);
    case 'claim':
      return problems.claimHides(at);
    case 'or-tells':
      return problems.orTells(at);
    case 'if-tells':
      return problems.ifTells(at);
    case 'or-ends':
      return problems.orEnds(at);
    case 'negation':
      return problems.negationHides(at);
    case 'condition':
      return problems.conditionHides(at, String(place(one.condition).line));
    case 'substitution':
      return problems.substitutionHides(at);
    case 'said':
      return problems.saidHides(at, one.by);
    case 'taken':
      return problems.takenHides(at, one.by);
    case 'answer':
      return problems.answerHides(at);
    case 'declaration':
      return problems.declarationHides(at, one.declares);
    case 'background':
      return problems.nobodyWaits(at);
    case 'wait':
      return problems.waitHides(at);
    case 'switched-off':
      return problems.switchedOff(at);
    case 'pipefail-off':
      return problems.pipefailOff(at);
    case 'trap':
      return problems.trapHides(at);
    case 'process':
      return problems.processHides(at);
    case 'find':
      return problems.findHides(at);
    case 'or-true':
      return problems.orTrue(at);
  }
}

/**
 * Whether that the block ends well is what says something: an expectation speaks of its exit status and none of what it
 * prints, or nothing is expected of it and it proves an item of a checklist, or is tried again until it passes.
 */
function isJudgedByEnd(block: ShellBlock, { checks }: Document): boolean {
  const { expectations } = block;
  const spoken = expectations.flatMap((one) =>
    one.kind === 'output' ? ['output'] : one.sentences.map(({ compiled }) => compiled?.assertion.of),
  );
  if (spoken.length > 0) return spoken.every((of) => of === 'exit-status');
  return block.retryMs > 0 || checks.some(({ blocks }) => blocks.includes(block));
}

/** Whether an expectation speaks of something else than how the block ends. */
const isOfOutput = (one: ShellBlock['expectations'][number]): boolean =>
  one.kind === 'output' ||
  one.sentences.some(({ compiled }) => compiled !== null && compiled.assertion.of !== 'exit-status');

/** Whether an expectation of the block speaks of what an echo tells: its whole output, or words of it. */
const isJudged = (told: string, { expectations }: ShellBlock): boolean =>
  expectations.some(
    (one) =>
      one.kind === 'output' ||
      one.sentences.some(({ text }) =>
        [...text.matchAll(/["“]([^"“”]+)["”]/g)].some(([, words = '']) => told.includes(words)),
      ),
  );
