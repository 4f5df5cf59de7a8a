import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Event } from '../../tools/journal/event.ts';
import { readJournal, runDirectories } from '../../tools/journal/journal.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const CLI = fileURLToPath(new URL('../../tools/cli.ts', import.meta.url));

/** The least that a replica can be: one PostgreSQL. */
const POSTGRES = [
  'services:',
  '  postgres:',
  '    image: postgres:14',
  '    command: postgres -c runbook.replica=${COMPOSE_PROJECT_NAME}',
  '    environment: { POSTGRES_USER: shop, POSTGRES_DB: shop, POSTGRES_HOST_AUTH_METHOD: trust }',
  '    healthcheck: { test: pg_isready -h 127.0.0.1 -U shop -d shop, interval: 1s, start_period: 60s }',
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
  { frontMatter = FRONT_MATTER, compose = POSTGRES } = {},
): Promise<Shop> {
  const directory = await temporaryDirectory();
  const page = [...frontMatter, '', '# Shop', '', '## Step 1: All', '', ...lines, ''];
  await writeFile(join(directory, 'runbook.md'), page.join('\n'));
  await mkdir(join(directory, 'stack'));
  await writeFile(join(directory, 'stack', 'compose.yaml'), `${compose.join('\n')}\n`);
  const argv = (...words: string[]) => [
    ...['--import', 'tsx', CLI, '--runbook', join(directory, 'runbook.md')],
    ...words,
  ];
  return { directory, home: join(directory, '.runbook'), argv };
}

/** Starts the tool as a process of its own, with pipes for its streams. It never throws for an exit status. */
export const start = (shop: Shop, ...words: string[]) =>
  execa(process.execPath, shop.argv(...words), {
    reject: false,
    stdin: 'ignore',
    env: shop.environment ?? {},
  });

/** The events of the shop's only run. */
export async function eventsOf({ home }: Shop): Promise<Event[]> {
  const [directory = '', ...others] = await runDirectories(home);
  if (others.length > 0) throw new Error('there are several runs');
  return readJournal(directory);
}

/** What is left of replicas. */
export const replicasOf = ({ home }: Shop) => readdir(join(home, 'replicas')).catch(() => []);

type Started = Pick<ChildProcess, 'exitCode' | 'signalCode'> &
  PromiseLike<{ stdout?: unknown; stderr?: unknown }>;

/** Resolves when there is a file of this name. Throws where the process that was to make it has ended without. */
export async function appears(path: string, child?: Started): Promise<void> {
  while (!existsSync(path)) {
    if (child && (child.exitCode !== null || child.signalCode !== null)) {
      const { stdout, stderr } = await child;
      throw new Error(`it ended and made no ${path}:\n${stdout}\n${stderr}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when a stream has printed a text. */
export function printed(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  let seen = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk) => {
      seen += String(chunk);
      if (seen.includes(text)) resolve();
    });
  });
}
