import { nameOf, wordsOf } from './failing.ts';
import type { Node, NodeOf } from './syntax.ts';

/** What a `set` or a `shopt` switches an option to; null where it is none, or says nothing of it. */
export function switchedTo({ command }: NodeOf<'Statement'>, option: 'errexit' | 'pipefail'): boolean | null {
  const words = command.type === 'Command' ? wordsOf(command) : [];
  const name = nameOf(command);
  if (name === 'shopt' && words.includes(option)) {
    const flags = words.filter((word) => word.startsWith('-')).join('');
    return flags.includes('u') ? false : flags.includes('s') ? true : null;
  }
  if (name !== 'set') return null;
  const said = words.filter(
    (word, i) =>
      (/^[-+]\w*o$/.test(word) && words[i + 1] === option) ||
      (option === 'errexit' && /^[-+]\w*e/.test(word)),
  );
  return said.length === 0 ? null : !said.some((word) => word.startsWith('+'));
}

/** Tells of a node whether it stands between a `set +o pipefail` and the next `set -o pipefail`, of these nodes of a shell. */
export function belowPipefailOff(nodes: readonly Node[]): (node: Node) => boolean {
  const switches = nodes.flatMap((node) => {
    const to = node.type === 'Statement' ? switchedTo(node, 'pipefail') : null;
    return to === null ? [] : [{ pos: node.pos, to }];
  });
  return ({ pos }) => switches.findLast((one) => one.pos < pos)?.to === false;
}
