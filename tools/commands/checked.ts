import { checkDocument, unjudgedIn } from '../check/check.ts';
import type { Beside } from '../check/rule.ts';
import { parseDocument } from '../document/parse.ts';
import type { Problem } from '../document/problem.ts';
import { HOST_KINDS } from '../host-kinds.ts';

/** What a check finds in a page, each in the order of the text. */
export interface Checked {
  problems: Problem[];
  /** What no run would judge. */
  unjudged: Problem[];
  /** How many blocks there are. */
  blocks: number;
}

/** Checks the bytes of a page, of which `path` names the place. */
export function checkPage(path: string, bytes: Uint8Array, beside: Beside): Checked {
  const document = parseDocument(path, bytes, HOST_KINDS);
  return {
    problems: checkDocument(document, beside),
    unjudged: unjudgedIn(document),
    blocks: document.blocks.length,
  };
}
