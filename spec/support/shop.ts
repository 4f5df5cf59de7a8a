import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../tools/journal/event.ts';
import { readJournal, runDirectories } from '../../tools/journal/journal.ts';
import { temporaryDirectory } from './tmp.ts';
import { startTool, toolArguments } from './tool.ts';

/** The least that a replica can be: one PostgreSQL, with a role and a database of this name. */
export const postgresStack = (user: string): string[] => [
  'services:',
  '  postgres:',
  '    image: postgres:14',
  `    environment: { POSTGRES_USER: ${user}, POSTGRES_DB: ${user}, POSTGRES_HOST_AUTH_METHOD: trust }`,
  `    healthcheck: { test: pg_isready -h 127.0.0.1 -U ${user} -d ${user}, interval: 1s, start_period: 60s }`,
];

const FRONT_MATTER = [
  '---',
  'database: { service: postgres, user: shop, name: shop }',
  'replica: { stack: stack }',
  '---',
];

/** A directory with a runbook and the stack of its replica, gone when the calling test is. */
export interface Shop {
  directory: string;
  /** `.runbook`. */
  home: string;
  /** The arguments of a node that runs the tool on this runbook. */
  argv(...words: string[]): string[];
  /** Added to the tool's environment. */
  environment?: Record<string, string>;
}

/** A block of shell, with what is expected of it. */
export const sh = (name: string, on: string, script: string, ...expected: string[]): string[] => [
  `\`\`\`sh { name=${name} on=${on} }`,
  script,
  '```',
  '',
  ...(expected.length > 0 ? ['**Expected output:**', '', ...expected.map((one) => `- ${one}`), ''] : []),
];

/** Makes a shop whose runbook's only step holds these lines. */
export async function makeShop(
  lines: string[],
  { frontMatter = FRONT_MATTER, compose = postgresStack('shop') } = {},
): Promise<Shop> {
  const page = [...frontMatter, '', '# Shop', '', '## Step 1: All', '', ...lines];
  const directory = await runbookDirectory(page, compose);
  const argv = (...words: string[]) => toolArguments('--runbook', join(directory, 'runbook.md'), ...words);
  return { directory, home: join(directory, '.runbook'), argv };
}

/** A directory, gone when the calling test is, with a runbook of these lines and the stack that it may name. */
export async function runbookDirectory(page: string[], compose = postgresStack('shop')): Promise<string> {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'runbook.md'), `${page.join('\n')}\n`);
  await mkdir(join(directory, 'stack'));
  await writeFile(join(directory, 'stack', 'compose.yaml'), `${compose.join('\n')}\n`);
  return directory;
}

/** Starts the tool on the shop's runbook. */
export const start = ({ directory, environment = {} }: Shop, ...words: string[]) =>
  startTool(['--runbook', join(directory, 'runbook.md'), ...words], { environment });

/** Runs the tool as a person does, in a directory; what it printed and how it ended. */
export async function runbook(directory: string, ...words: string[]) {
  const { exitCode, stdout, stderr } = await startTool(words, { directory });
  return { exitCode, stdout, stderr };
}

/** The events of the shop's only run. */
export async function eventsOf({ home }: Shop): Promise<Event[]> {
  const [directory = '', ...others] = await runDirectories(home);
  if (others.length > 0) throw new Error('there are several runs');
  return readJournal(directory);
}

/** What is left of replicas. */
export const replicasOf = ({ home }: Shop) => readdir(join(home, 'replicas')).catch(() => []);
