import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const tools = readdirSync(join(root, 'tools'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|mjs|css)$/.test(file))
  .map((file) => `tools/${file}`);
const isCrosshots = (path: string) => path.startsWith('tools/crosshot/');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

it('imports nothing of the engine but its public API', () => {
  const imported = tools
    .filter(isCrosshots)
    .flatMap((file) =>
      [...textOf(file).matchAll(/(?:from|import)\s*\(?'(\.[^']*)'/g)].map(([, path = '']) =>
        normalize(join(file, '..', path)),
      ),
    );
  expect(imported.length).toBeGreaterThan(20);
  expect([...new Set(imported.filter((path) => !isCrosshots(path)))]).toEqual(['tools/index.ts']);
});

it('lends the engine no word', () => {
  const engine = tools.filter((file) => !isCrosshots(file));
  // Those of the two other runbooks, too: what the engine knows of one use, it knows of none.
  const words =
    /\b([Cc]rosshot|[Dd]ashboard|[Bb]ackfill|[Tt]opics?|todo|[Tt]asks?|due_at|[Cc]hores?|letters-2024)\b/;
  const found = engine.filter((file) => words.test(textOf(file)));
  expect(found).toEqual([]);
});
