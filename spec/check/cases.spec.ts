import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocument, unjudgedIn } from '../../tools/check/check.ts';
import { besidePage } from '../../tools/commands/beside.ts';
import { requireHost } from '../../tools/commands/hosts.ts';
import { problemLines } from '../../tools/commands/page.ts';
import type { Document } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { type ProblemKind, problems } from '../../tools/document/problems.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { type HostFacts, makePlan } from '../../tools/plan/plan.ts';
import { makeWholePlan } from '../../tools/plan/rehearsal.ts';

const CASES = join(import.meta.dirname, '../../fixtures/runbooks');
const names = readdirSync(CASES).sort();

/** What `check` prints of a runbook in a directory of its own. */
async function problemsOf(name: string): Promise<string[]> {
  const bytes = await readFile(join(CASES, name, 'runbook.md'));
  const document = parseDocument('runbook.md', bytes, HOST_KINDS);
  return problemLines('runbook.md', checkDocument(document, besidePage(join(CASES, name, 'runbook.md'))));
}

async function expectedOf(name: string, file = 'problems.txt'): Promise<string[]> {
  const text = await readFile(join(CASES, name, file), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

describe('fixtures/runbooks/*/runbook.md has the problems of its problems.txt', () => {
  it.each(names)('%s', async (name) => {
    expect(await problemsOf(name)).toEqual(await expectedOf(name));
  });
});

const strict = names.filter((name) => existsSync(join(CASES, name, 'strict.txt')));

describe('fixtures/runbooks/*/runbook.md leaves unjudged what its strict.txt says', () => {
  it.each(strict)('%s', async (name) => {
    const bytes = await readFile(join(CASES, name, 'runbook.md'));
    const unjudged = unjudgedIn(parseDocument('runbook.md', bytes, HOST_KINDS));
    expect(problemLines('runbook.md', unjudged)).toEqual(await expectedOf(name, 'strict.txt'));
  });
});

/** Where the cases' plans are for: it has one service, and nobody is there to be asked. */
const FACTS: HostFacts = {
  name: 'a host',
  kind: 'embedded',
  hostNames: ['nas'],
  services: ['db'],
  terminal: false,
};

/** The paragraphs of a plan.txt: a procedure, `--all`, or `--on` and a host, and what stands against a plan of it. */
async function plansOf(name: string): Promise<{ procedure: string; expected: string[] }[]> {
  const text = await readFile(join(CASES, name, 'plan.txt'), 'utf8');
  return text
    .trimEnd()
    .split('\n\n')
    .map((paragraph) => {
      const [procedure = '', ...expected] = paragraph.split('\n');
      return { procedure, expected };
    });
}

function hostProblemsOf(document: Document, name: string): string[] {
  try {
    requireHost(document, name);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

async function obstaclesOf(name: string, procedure: string): Promise<string[]> {
  const document = parseDocument('runbook.md', await readFile(join(CASES, name, 'runbook.md')), HOST_KINDS);
  if (procedure.startsWith('--on ')) return hostProblemsOf(document, procedure.slice('--on '.length));
  const planned =
    procedure === '--all'
      ? makeWholePlan(document, document.frontMatter.replica?.order ?? [], FACTS)
      : makePlan(document, procedure, FACTS);
  return problemLines('runbook.md', 'problems' in planned ? planned.problems : []);
}

const planned = names.filter((name) => existsSync(join(CASES, name, 'plan.txt')));

describe('fixtures/runbooks/*/runbook.md cannot be planned, as its plan.txt says', () => {
  it.each(planned)('%s', async (name) => {
    const plans = await plansOf(name);
    expect(await Promise.all(plans.map(({ procedure }) => obstaclesOf(name, procedure)))).toEqual(
      plans.map(({ expected }) => expected),
    );
  });
});

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What an entry of the catalogue prints, whatever stands in its gaps. */
function printed({ rule, wording }: ProblemKind): RegExp {
  const [message, remedy] = wording.map((words) => words.split('…').map(escaped).join('.*'));
  return new RegExp(`^runbook.md:\\d+:\\d+: ${message}; ${remedy} \\[${rule}\\]$`);
}

it('every problem of the catalogue has a case', async () => {
  const checked = await Promise.all(names.map((name) => expectedOf(name)));
  const obstacles = (await Promise.all(planned.map(plansOf))).flat().map(({ expected }) => expected);
  const unjudged = await Promise.all(strict.map((name) => expectedOf(name, 'strict.txt')));
  const lines = [...checked, ...obstacles, ...unjudged].flat();
  // What is found out about machines, spec/plan/findings.spec.ts has.
  const ofDocuments = Object.entries(problems).filter(([, { rule }]) => rule !== 'preflight');
  const missing = ofDocuments.filter(([, kind]) => !lines.some((line) => printed(kind).test(line)));
  expect(missing.map(([name]) => name)).toEqual([]);
});
