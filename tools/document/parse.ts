import { createHash } from 'node:crypto';
import MarkdownIt from 'markdown-it';
import { finishBlocks } from './block.ts';
import { decode } from './decode.ts';
import type { Document } from './document.ts';
import { splitFrontMatter } from './front-matter.ts';
import { type Problem, reporter } from './problem.ts';
import { Walk } from './walk.ts';

const markdown = new MarkdownIt('commonmark', { html: true }).enable('table');

/** Reads a runbook's bytes. Never throws: what cannot be read is in `problems`, each at its place. */
export function parseDocument(path: string, bytes: Uint8Array): Document {
  const problems: Problem[] = [];
  const report = reporter(problems);
  const decoded = decode(bytes);
  if ('problem' in decoded) problems.push(decoded.problem);
  const { frontMatter, body } = splitFrontMatter('text' in decoded ? decoded.text : '', report);
  const walk = new Walk(body.split('\n'), report);
  walk.all(markdown.parse(body, {}));
  return {
    path,
    title: walk.title,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    frontMatter,
    sections: walk.sections,
    blocks: finishBlocks(walk.blocks, frontMatter, report),
    checks: walk.checks,
    problems,
  };
}
