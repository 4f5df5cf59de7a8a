import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { OUTCOMES } from '../outcome/outcome-cases.ts';
import { blockOf } from '../support/document.ts';
import { EXAMPLES, FOUND, JSON_ROWS, NOUNS, OBJECTED, UNREAD } from './cases.ts';
import { AMBIGUOUS, EMPTY_JSONS, EMPTY_TABLES, FENCES, JSONS, JSONS_OF_ROWS, TABLES } from './fence-cases.ts';
import type { Library } from './judge-library.ts';
import { judged, printed } from './subjects.ts';

const BLOCKS = OUTCOMES.map(({ lines }) => blockOf(...lines));

/** The first case of which a judge says another thing than it should; null where it says what it should of each. */
export function firstFailure(library: Library): string | null {
  for (const one of casesOf(library)) {
    try {
      if (!one.holds()) return one.name;
    } catch (error) {
      return `${one.name}: ${(error as Error).message}`;
    }
  }
  return null;
}

function* casesOf(library: Library): Generator<{ name: string; holds: () => boolean }> {
  for (const [texts, good, bad] of [...EXAMPLES, ...FOUND]) {
    for (const text of texts) {
      for (const [i, one] of good.entries())
        yield { name: `${text}: good ${i}`, holds: () => judged(library, text, one).passed };
      for (const [i, one] of bad.entries())
        yield { name: `${text}: bad ${i}`, holds: () => !judged(library, text, one).passed };
    }
  }
  for (const text of UNREAD) yield { name: text, holds: () => library.compileSentence(text) === null };
  for (const text of NOUNS) {
    yield { name: text, holds: () => library.compileSentence(text)?.assertion.of === 'row-count' };
  }
  for (const text of OBJECTED) {
    yield { name: text, holds: () => Boolean(library.compileSentence(text)?.objection) };
  }
  for (const text of [...EXAMPLES, ...FOUND].flatMap(([texts]) => texts)) {
    yield { name: text, holds: () => library.compileSentence(text)?.objection === null };
  }
  for (const [output, text, truth] of JSON_ROWS) {
    const holds = () => {
      const found = library.jsonRows(output);
      return (found !== null && judged(library, text, found).passed) === truth;
    };
    yield { name: `${text} of ${output}`, holds };
  }
  for (const [fence, output, fits] of FENCES) {
    const holds = () => {
      const compiled = library.compileFence(fence.split('\n'));
      return 'patterns' in compiled && library.compareOutput(compiled.patterns, output).passed === fits;
    };
    yield { name: `${fence} of ${output}`, holds };
  }
  for (const line of AMBIGUOUS) yield { name: line, holds: () => 'invalid' in library.compileFence([line]) };
  for (const [[head = [], ...body], result, fits] of TABLES) {
    const holds = () => library.judgeRows(library.compileTable(head, body).assertion, result).passed === fits;
    yield { name: `table ${JSON.stringify(body)}`, holds };
  }
  for (const [fence, output, fits] of JSONS) {
    const holds = () => library.compileJson(fence)?.assertion.judge.printed(printed(output)).passed === fits;
    yield { name: `${fence} of ${output}`, holds };
  }
  for (const [fence, result, fits] of JSONS_OF_ROWS) {
    const holds = () => {
      const compiled = library.compileJson(fence);
      return compiled !== null && library.judgeRows(compiled.assertion, result).passed === fits;
    };
    yield { name: `${fence} of rows`, holds };
  }
  for (const fence of [...JSONS, ...JSONS_OF_ROWS].map(([one]) => one)) {
    const isSound = !EMPTY_JSONS.includes(fence);
    yield { name: fence, holds: () => (library.compileJson(fence)?.objection === null) === isSound };
  }
  for (const fence of EMPTY_JSONS)
    yield { name: fence, holds: () => Boolean(library.compileJson(fence)?.objection) };
  for (const [table, isSound] of [
    ...TABLES.map(([one]) => [one, true] as const),
    ...EMPTY_TABLES.map((one) => [one, false] as const),
  ]) {
    const [head = [], ...body] = table;
    const holds = () => (library.compileTable(head, body).objection === null) === isSound;
    yield { name: `objection to ${JSON.stringify(table)}`, holds };
  }
  for (const [i, { name, output, status, examples }] of OUTCOMES.entries()) {
    const block = BLOCKS[i];
    if (!block) throw new Error('every case has a block');
    const options = { examples: examples ?? true };
    yield { name, holds: () => library.judge(block, output, options).status === status };
  }
}

const ROOT = resolve(import.meta.dirname, '../..');

/** The judge with the source of one file, relative to tools/, as `change` makes it. */
export async function mutantOf(file: string, change: (source: string) => string): Promise<Library> {
  const { outputFiles } = await build({
    entryPoints: [resolve(import.meta.dirname, 'judge-library.ts')],
    ...{
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      logLevel: 'silent',
    },
    plugins: [
      {
        name: 'mutant',
        setup(bundler) {
          bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const source = await readFile(path, 'utf8');
            return {
              loader: 'ts',
              contents: path === resolve(ROOT, 'tools', file) ? change(source) : source,
            };
          });
        },
      },
    ],
  });
  const module = { exports: {} as { library: Library } };
  const run = new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '');
  run(module, module.exports, createRequire(import.meta.url));
  return module.exports.library;
}
