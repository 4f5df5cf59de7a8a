import { problems } from '../../document/problems.ts';
import { argumentOf } from '../../shell/argument.ts';
import { hasOption, readOptions } from '../../shell/options.ts';
import { belowPipefailOff } from '../../shell/switches.ts';
import { everyNode, type Node, type NodeOf } from '../../shell/syntax.ts';
import type { Rule } from '../rule.ts';
import type { BlockScript } from '../scripts.ts';

/** Two exit statuses that mean one thing in one place and another in the next. */
export const pipes: Rule = {
  name: 'exit-status',
  scripts: (report) => (one) => {
    const { block, script, place } = one;
    const [shell] = script.shells;
    if (!shell) return;
    if (block.expectations.length === 0) {
      for (const pos of unsaid(one)) report(problems.grepStatus(place(pos)));
    }
    for (const pos of heads(everyNode(shell.script), one)) report(problems.headClosesPipe(place(pos)));
  },
};

/** The greps that decide a statement alone, and of which nothing says what is good news. */
function unsaid({ script }: BlockScript): number[] {
  const [shell] = script.shells;
  return (shell?.script.commands ?? []).flatMap(({ command }) => {
    const last =
      command.type === 'Pipeline'
        ? command.prefixes.length === 0
          ? command.commands.at(-1)
          : null
        : command;
    if (last?.type !== 'Command' || last.name?.value !== 'grep' || !shell) return [];
    const read = readOptions(argsOf(last, script.text), { valued: 'efmABC' });
    // A quiet one prints nothing: it is there to decide.
    return hasOption(read, '-q', '--quiet', '-c', '--count', '-V', '--version') ? [] : [command.pos];
  });
}

const argsOf = ({ suffix }: NodeOf<'Command'>, text: string) =>
  suffix
    .filter((part): part is NodeOf<'Word'> => part.type === 'Word')
    .map((word) => argumentOf(word, { text, at: (pos) => pos }));

/** The `head`s behind a pipe, outside of what `||` or a condition has an answer to. */
function heads(nodes: Node[], { script }: BlockScript): number[] {
  const handled = new Set<Node>();
  for (const node of nodes) {
    if (node.type === 'AndOr' && node.operators.includes('||'))
      for (const one of node.commands.slice(0, -1)) handled.add(one);
  }
  const isLetBe = belowPipefailOff(nodes);
  return nodes.flatMap((node) => {
    if (node.type !== 'Pipeline' || handled.has(node) || isLetBe(node)) return [];
    return node.commands.slice(1).flatMap((command) => {
      if (command.type !== 'Command' || command.name?.value !== 'head') return [];
      const { options } = readOptions(argsOf(command, script.text), {
        valued: 'nc',
        long: ['lines', 'bytes'],
      });
      const readsAll = options.some(({ value }) => value?.startsWith('-'));
      return readsAll || takesLittle(node) ? [] : [command.pos];
    });
  });
}

/** What echo prints is in the pipe before it is closed. */
const takesLittle = ({ commands: [first] }: NodeOf<'Pipeline'>) =>
  first?.type === 'Command' && /^(echo|printf|date)$/.test(first.name?.value ?? '');
