import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { temporaryDirectory } from './tmp.ts';

const CLI = resolve(import.meta.dirname, '../../tools/cli.ts');

/** A stack of a PostgreSQL and nothing else. */
const COMPOSE = `
services:
  postgres:
    image: postgres:14
    environment: { POSTGRES_USER: shop, POSTGRES_DB: shop, POSTGRES_HOST_AUTH_METHOD: trust }
    healthcheck: { test: pg_isready -h 127.0.0.1 -U shop -d shop, interval: 1s, start_period: 60s }
`;

/** A directory, gone when the calling test is, with a runbook of these lines and the stack that it may name. */
export async function runbookDirectory(...lines: string[]): Promise<string> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'stack'));
  await writeFile(join(directory, 'stack/compose.yaml'), COMPOSE);
  await writeFile(join(directory, 'runbook.md'), `${lines.join('\n')}\n`);
  return directory;
}

/** Runs the command as a person does, in a directory; what it printed and how it ended. */
export async function runbook(directory: string, ...args: string[]) {
  const argv = ['--import', import.meta.resolve('tsx'), CLI, ...args];
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, { cwd: directory, reject: false });
  return { exitCode, stdout, stderr };
}
