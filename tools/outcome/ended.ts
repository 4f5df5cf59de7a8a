import type { Block, ShellBlock, SqlBlock } from '../document/document.ts';
import type { Output, ShellOutput, SqlOutput } from './output.ts';

/** A block with what it gave. */
export type Ended = EndedShell | EndedSql;

export interface EndedShell {
  kind: 'shell';
  block: ShellBlock;
  output: ShellOutput;
}

export interface EndedSql {
  kind: 'sql';
  block: SqlBlock;
  output: SqlOutput;
}

/** Throws TypeError where a block is given the output of another kind of block. */
export function ended(block: Block, output: Output): Ended {
  if (block.language === 'sql' && output.kind === 'sql') return { kind: 'sql', block, output };
  if (block.language !== 'sql' && output.kind === 'shell') return { kind: 'shell', block, output };
  throw new TypeError(`“${block.name}” is in ${block.language}, and its output is of another kind of block`);
}
