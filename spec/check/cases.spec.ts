import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../tools/check/check.ts';
import { problemLines } from '../../tools/commands/read.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { type ProblemKind, problems } from '../../tools/document/problems.ts';

const CASES = join(import.meta.dirname, '../../fixtures/runbooks');
const names = readdirSync(CASES).sort();

/** What `check` prints of a runbook in a directory of its own. */
async function problemsOf(name: string): Promise<string[]> {
  const bytes = await readFile(join(CASES, name, 'runbook.md'));
  return problemLines('runbook.md', checkDocument(parseDocument('runbook.md', bytes)));
}

async function expectedOf(name: string): Promise<string[]> {
  const text = await readFile(join(CASES, name, 'problems.txt'), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

describe('fixtures/runbooks/*/runbook.md has the problems of its problems.txt', () => {
  it.each(names)('%s', async (name) => {
    expect(await problemsOf(name)).toEqual(await expectedOf(name));
  });
});

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What an entry of the catalogue prints, whatever stands in its gaps. */
function printed({ rule, wording }: ProblemKind): RegExp {
  const [message, remedy] = wording.map((words) => words.split('…').map(escaped).join('.*'));
  return new RegExp(`^runbook.md:\\d+:\\d+: ${message}; ${remedy} \\[${rule}\\]$`);
}

it('every problem of the catalogue has a case', async () => {
  const lines = (await Promise.all(names.map(expectedOf))).flat();
  const missing = Object.entries(problems).filter(([, kind]) => !lines.some((line) => printed(kind).test(line)));
  expect(missing.map(([name]) => name)).toEqual([]);
});
