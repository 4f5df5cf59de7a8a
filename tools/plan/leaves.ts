import type { Block } from '../document/document.ts';

/** The variables that a block may leave to later ones: what it exports, and what its output captures. */
export function leavesOf({ language, text, expectations }: Block): string[] {
  if (language === 'sql') return [];
  const exported = [...text.matchAll(/(?:^|[;&|({])[ \t]*export[ \t]+([^\n;&|#]+)/gm)].flatMap(
    ([, words = '']) => [...words.matchAll(/(?:^|[ \t])([A-Za-z_]\w*)/g)].map(([, name = '']) => name),
  );
  const captured = expectations.flatMap((one) =>
    one.kind === 'output' && 'patterns' in one.compiled
      ? one.compiled.patterns.flatMap(({ captures }) => captures?.names ?? [])
      : [],
  );
  return [...exported, ...captured];
}
