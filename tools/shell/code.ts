import type { Shell } from './script.ts';
import type { Source } from './source.ts';
import { everyNode, type Node, type NodeOf } from './syntax.ts';

/** The code of one shell, taken apart. */
export interface Code {
  source: Source;
  script: Shell['script'];
  /** All but the scripts of shells that it starts itself. */
  nodes: readonly Node[];
  functions: ReadonlyMap<string, NodeOf<'Function'>>;
}

export function codeOf({ source, script }: Shell): Code {
  const nodes = everyNode(script).filter((node) => node.type !== 'Script' || node === script);
  const functions = new Map(
    nodes.flatMap((node) => (node.type === 'Function' ? [[node.name.value, node] as const] : [])),
  );
  return { source, script, nodes, functions };
}
