import type Token from 'markdown-it/lib/token.mjs';
import type { BoundSentence } from './document.ts';
import { plainText } from './label.ts';
import type { Place, Report } from './problem.ts';

/**
 * The items of an expectation's list, `tokens` being what stands inside it; those of a list inside speak of
 * the same statement as the item around them. An empty item gives an empty sentence, which no rule reads.
 */
export function bullets(tokens: Token[], at: (token: Token) => Place, report: Report): BoundSentence[] {
  const sentences: BoundSentence[] = [];
  let depth = 0;
  let statement = -1;
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'list_item_open') {
      if (depth++ === 0) statement++;
      if (tokens[i + 1]?.type === 'list_item_close') sentences.push({ text: '', statement, ...at(token) });
    }
    if (token.type === 'list_item_close') depth--;
    if (token.type === 'inline') {
      const text = plainText(token.children ?? []).replace(/^(✅|\[[ xX]\])\s*/u, '');
      sentences.push({ text: text.trim(), statement, ...at(token) });
    }
    if (token.type === 'fence' || token.type === 'code_block' || token.type === 'html_block') {
      const remedy = 'end the list before it, with a line of text';
      report(
        'unbound',
        at(token),
        'what stands inside an expectation’s list is neither run nor compared',
        remedy,
      );
    }
  }
  return sentences;
}
