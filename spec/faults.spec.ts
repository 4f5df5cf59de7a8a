import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseDocument } from '../tools/document/parse.ts';
import type { Executor } from '../tools/host/executor.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';
import type { BlockFinished } from '../tools/journal/event.ts';
import type { PlannedStep } from '../tools/plan/plan.ts';
import { run } from '../tools/run.ts';
import { createMigrated } from './crosshot/databases.ts';
import type { SpecDatabase } from './support/database.ts';
import { executorWithDatabase } from './support/executor.ts';
import { newRunId } from './support/run-id.ts';

const CASES = join(import.meta.dirname, '../fixtures/runbooks');
const names = readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'failures.txt')));

let database: SpecDatabase;
let executor: Executor;

beforeAll(async () => {
  database = await createMigrated();
  const connectTo = () => connect(join(inject('postgresSocketDirectory'), '.s.PGSQL.5432'));
  executor = await executorWithDatabase(connectTo, database.name);
});

afterAll(async () => {
  await executor.close();
  await database.drop();
});

/** Runs all blocks of a case, and says what was wrong with them. */
async function failuresOf(name: string): Promise<string[]> {
  const document = parseDocument('runbook.md', await readFile(join(CASES, name, 'runbook.md')), HOST_KINDS);
  const steps = document.blocks.map((block): PlannedStep => ({ kind: 'block', block, name: block.name }));
  const failures: string[] = [];
  const options = {
    run: newRunId(),
    signal: new AbortController().signal,
    ask: async () => 'assumed' as const,
  };
  for await (const event of run({ procedure: 'all', steps }, executor, options)) {
    if (event.type === 'block-finished') failures.push(...wrongIn(event));
  }
  return failures;
}

const wrongIn = ({ outcome }: BlockFinished): string[] => [
  ...(outcome.why ? [`runbook.md:${outcome.why.line}:${outcome.why.column}: ${outcome.why.message}`] : []),
  ...outcome.expectations
    .filter(({ status }) => status === 'failed')
    .map(({ line, expected, actual }) => `runbook.md:${line}: ${expected}; ${actual}`),
];

describe('what only running shows: fixtures/runbooks/*/runbook.md fails as its failures.txt says', () => {
  it.each(names)('%s', async (name) => {
    const expected = await readFile(join(CASES, name, 'failures.txt'), 'utf8');
    expect(await failuresOf(name)).toEqual(expected.trimEnd().split('\n'));
  });

  it('there are such cases', () => {
    expect(names).not.toEqual([]);
  });
});
