import { problems } from '../../document/problems.ts';
import { fillIns } from '../fill-ins.ts';
import type { Rule } from '../rule.ts';

/** Bash reads a block whole before it runs any of it. A line that was copied with its prompt is told by that. */
export const syntax: Rule = {
  name: 'shell-syntax',
  scripts:
    (report) =>
    ({ block, script, session, place }) => {
      if (session) {
        const { prompt, typed, of, offset } = session.first;
        const kind = {
          shell: problems.shellPrompt,
          psql: problems.psqlPrompt,
          'another program': problems.otherPrompt,
        };
        report(kind[of](place(offset), prompt, typed.replace(/;$/, '')));
      } else if (script.fault && !isFilledIn(block.text, script.fault.offset)) {
        report(problems.shellSyntax(place(script.fault.offset), script.fault.message));
      }
    },
};

/** `<name>` is told as what somebody has to fill in: that bash cannot read it, either, says nothing more. */
function isFilledIn(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return fillIns(text.slice(start, end < 0 ? undefined : end)).length > 0;
}
