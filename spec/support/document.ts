import type { Block, Document, SqlBlock } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';

/** A runbook of these lines; it throws where they have a problem. */
export function documentOf(...lines: string[]): Document {
  const document = parseDocument('runbook.md', Buffer.from(`${lines.join('\n')}\n`), HOST_KINDS);
  if (document.problems.length > 0) throw new Error(JSON.stringify(document.problems, null, 2));
  return document;
}

/** The only block of a runbook of these lines. */
export function blockOf(...lines: string[]): Block {
  const [block] = documentOf(...lines).blocks;
  if (!block) throw new Error('no block stands there');
  return block;
}

/** The only block of a runbook of these lines, which is in SQL. */
export function sqlBlockOf(...lines: string[]): SqlBlock {
  const block = blockOf(...lines);
  if (block.language !== 'sql') throw new Error('the block that stands there is a shell');
  return block;
}
