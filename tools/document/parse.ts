import { createHash } from 'node:crypto';
import { bindParts } from './bind.ts';
import { makeBlocks } from './block.ts';
import { findClaims } from './claims.ts';
import { decode } from './decode.ts';
import type { Block, Document } from './document.ts';
import { splitFrontMatter } from './front-matter.ts';
import type { HostKeys } from './host-address.ts';
import { markdown } from './markdown.ts';
import { partsOf } from './parts.ts';
import type { Problem } from './problem.ts';

/**
 * Reads a runbook's bytes; `keys` are those by which it may say how a host is reached. Never throws: what cannot be read
 * is in `problems`, each at its place.
 */
export function parseDocument(path: string, bytes: Uint8Array, keys: HostKeys): Document {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const decoded = decode(bytes);
  if ('problem' in decoded) problems.push(decoded.problem);
  const text = 'text' in decoded ? decoded.text : '';
  const { frontMatter, body } = splitFrontMatter(text, keys, report);
  const parts = partsOf(markdown.parse(body, {}), body.split('\n'));
  const page = bindParts(parts, report);
  const blocks = makeBlocks(page.blocks, frontMatter, report);
  const blockOf = new Map(page.blocks.map((draft, i) => [draft, blocks[i] as Block]));
  return {
    path,
    title: page.title,
    text,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    frontMatter,
    sections: page.sections,
    blocks,
    claims: findClaims(parts, { ...page, problems }),
    checks: page.checks.map((item) => ({
      ...item,
      blocks: item.blocks.map((draft) => blockOf.get(draft) as Block),
    })),
    problems,
  };
}
