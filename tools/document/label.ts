import type Token from 'markdown-it/lib/token.mjs';
import { nearest } from './nearest.ts';

/** The bold words at the start of a paragraph that this language gives a meaning. */
const LABELS = {
  'expected output': 'expected',
  expected: 'expected',
  'example output': 'example',
  'estimated time': 'estimate',
  error: 'error',
  fix: 'fix',
} as const;

export type LabelKind = (typeof LABELS)[keyof typeof LABELS];

export interface Label {
  kind: LabelKind;
  /** What stands behind it in the same paragraph. */
  rest: string;
}

/** The label that a paragraph begins with; a word that looks like a slip for one is returned as `slip`. */
export function labelOf(inline: Token): Label | { slip: string; meant: string } | null {
  const children = inline.children ?? [];
  if (children[0]?.type !== 'strong_open' && children[1]?.type !== 'strong_open') return null;
  const open = children.findIndex((token) => token.type === 'strong_open');
  if (children.slice(0, open).some((token) => token.content.trim() !== '')) return null;
  const close = children.findIndex((token) => token.type === 'strong_close');
  const words = plainText(children.slice(open + 1, close))
    .replace(/:$/, '')
    .trim();
  const key = words.toLowerCase();
  if (Object.hasOwn(LABELS, key)) {
    const rest = plainText(children.slice(close + 1))
      .replace(/^:/, '')
      .trim();
    return { kind: LABELS[key as keyof typeof LABELS], rest };
  }
  const meant = /^(expect|should)/.test(key) ? 'expected output' : nearest(key, Object.keys(LABELS));
  return meant && (key.length > 4 || key[0] === meant[0]) ? { slip: words, meant } : null;
}

/** What a reader sees of inline tokens: no marks, line breaks as spaces. */
export function plainText(tokens: Token[]): string {
  return tokens
    .map((token) => (token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : token.content))
    .join('');
}
