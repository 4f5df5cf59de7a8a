/** What a project's own tests say of its runbook: each sentence is a test, and all of them ask one rehearsal. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, it } from 'vitest';
import { checkDocument } from './check/check.ts';
import type { Block, Document } from './document/document.ts';
import { parseDocument } from './document/parse.ts';
import type { Place, Problem } from './document/problem.ts';
import { HOST_KINDS } from './host-kinds.ts';
import type { ExpectationOutcome } from './outcome/outcome.ts';
import { blockSteps, stepsOf } from './plan/plan.ts';
import type { BlockReport, RunReport } from './report/report.ts';

const START = fileURLToPath(new URL('./start.mjs', import.meta.url));

export interface RunbookOptions {
  /** What stands in for the host. The tool's own choice where nothing is said: Docker, where an engine answers. */
  replica?: 'embedded' | 'docker';
  /** What the database holds: a size that the seeds have, or the path of a dump. The tool's own choice is `small`. */
  data?: string;
  /** Paths of procedures, each of which is rehearsed on a replica of its own; `main` where nothing is said. */
  procedures?: string[];
  /** How long one rehearsal may take, in milliseconds; ten minutes where nothing is said. */
  timeoutMs?: number;
}

/** A rehearsal that the tests of a procedure ask, and others may. */
export interface RehearsedRunbook {
  /** Where it left its journal and its reports; whoever asks first rehearses. Throws where it left none. */
  directory(): Promise<string>;
}

/**
 * Describes a runbook: for each procedure one rehearsal, and a test for each of its blocks and for each sentence and fence
 * that is expected of it, named as the page has it. What fails is shown at its line of the page, with both sides.
 * `file` is relative to where the tests are run. Gives the rehearsals by the names of their procedures.
 */
export function describeRunbook(
  file: string,
  options: RunbookOptions = {},
): Record<string, RehearsedRunbook> {
  const page = openPage(file, options);
  describe(file, () => {
    it('has no problem', () => requireSound(page));
    for (const rehearsal of rehearsed(page))
      describe(rehearsal.procedure, () => {
        beforeAll(() => rehearsal.directory(), page.timeoutMs);
        it('comes to its end', () => rehearsal.requireEnd());
        for (const { name, tests } of blocksOf(page, rehearsal))
          describe(name, () => {
            for (const test of tests) it(test.name, test.ask);
          });
      });
  });
  return Object.fromEntries(page.rehearsals.map((rehearsal) => [rehearsal.procedure, rehearsal]));
}

/**
 * For a page that is a file of tests itself, as the plugin makes it: gives what declares the tests of one of its lines, so
 * that each stands at its line, where an editor's click goes.
 */
export function testsOfPage(file: string, options: RunbookOptions = {}): (line: number) => void {
  const page = openPage(file, options);
  const rehearsals = rehearsed(page);
  beforeAll(() => Promise.all(rehearsals.map((rehearsal) => rehearsal.directory())), page.timeoutMs);
  const all = rehearsals.flatMap((rehearsal) => {
    const end = {
      line: 1,
      name: `${rehearsal.procedure} > comes to its end`,
      ask: () => rehearsal.requireEnd(),
    };
    const tests = blocksOf(page, rehearsal).flatMap(({ name: block, tests: those }) =>
      those.map((test) => ({ ...test, name: `${rehearsal.procedure} > ${block} > ${test.name}` })),
    );
    return [end, ...tests];
  });
  all.unshift({ line: 1, name: 'has no problem', ask: async () => requireSound(page) });
  return (line) => {
    for (const test of all) if (test.line === line) it(test.name, test.ask);
  };
}

/** A page with what is to be asked of it. */
interface Page {
  path: string;
  document: Document;
  found: Problem[];
  rehearsals: Rehearsal[];
  timeoutMs: number;
}

function openPage(
  file: string,
  { procedures = ['main'], timeoutMs = 600_000, ...options }: RunbookOptions,
): Page {
  const path = resolve(file);
  const document = parseDocument(path, readFileSync(path), HOST_KINDS);
  const found = checkDocument(document);
  const rehearsals = procedures.map((procedure) => new Rehearsal(path, procedure, options));
  return { path, document, found, rehearsals, timeoutMs };
}

/** A page that is not sound is not rehearsed: its problems say more than a refusal would. */
const rehearsed = ({ found, rehearsals }: Page): Rehearsal[] => (found.length === 0 ? rehearsals : []);

function requireSound({ path, found }: Page): void {
  const [first] = found;
  if (!first) return;
  const all = found.map(({ line, column, message, rule }) => `${line}:${column}: ${message} [${rule}]`);
  throw failureAt(path, first, all.join('\n'));
}

/** What is asked of a line of the page. */
interface LineTest {
  line: number;
  name: string;
  ask: () => Promise<void>;
}

function blocksOf({ document }: Page, rehearsal: Rehearsal): { name: string; tests: LineTest[] }[] {
  return blockSteps(stepsOf(document, rehearsal.procedure) ?? []).map(({ block }) => ({
    name: block.name,
    tests: [
      { line: block.line, name: 'runs to its end', ask: () => requirePassed(rehearsal, block) },
      ...block.expectations.flatMap((expectation): LineTest[] => {
        if (expectation.kind !== 'output')
          return expectation.sentences.map(({ text, line }) => ({
            ...{ line, name: text },
            ask: () => requireKept(rehearsal, block, line),
          }));
        const { line } = expectation.body;
        const name = `prints\n${expectation.lines.join('\n')}`;
        return [{ line, name, ask: () => requireKept(rehearsal, block, line) }];
      }),
    ],
  }));
}

class Rehearsal implements RehearsedRunbook {
  readonly path: string;
  readonly procedure: string;
  private readonly words: string[];
  private taken: Promise<Taken> | null = null;

  constructor(path: string, procedure: string, { replica, data }: RunbookOptions) {
    this.path = path;
    this.procedure = procedure;
    this.words = ['--runbook', path, 'rehearse', ...(procedure === 'main' ? [] : [procedure])];
    if (replica) this.words.push('--replica', replica);
    if (data) this.words.push('--data', data);
  }

  async directory(): Promise<string> {
    return (await this.outcome()).directory;
  }

  async block(name: string): Promise<BlockReport | undefined> {
    return (await this.outcome()).report.blocks.find((block) => block.name === name);
  }

  async requireEnd(): Promise<void> {
    const { report, said } = await this.outcome();
    // Of a block that failed, its own tests tell.
    if (report.status === 'passed' || report.blocks.some(({ status }) => status === 'failed')) return;
    throw failureAt(this.path, { line: 1, column: 1 }, said);
  }

  private outcome(): Promise<Taken> {
    this.taken ??= this.take();
    return this.taken;
  }

  /** By the command, as a person does it: what is shown to be true is what a night will run. */
  private async take(): Promise<Taken> {
    const { all: said } = await execa(process.execPath, [START, 'runbook', ...this.words], {
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    const directory = /^report: (.+)$/m.exec(said)?.[1];
    if (!directory) throw failureAt(this.path, { line: 1, column: 1 }, said);
    const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as RunReport;
    return { directory, report, said };
  }
}

interface Taken {
  directory: string;
  report: RunReport;
  /** All that the command printed. */
  said: string;
}

async function requirePassed(rehearsal: Rehearsal, { name, line }: Block): Promise<void> {
  const report = await rehearsal.block(name);
  // Of an expectation that is not kept, its own test tells.
  if (report?.status === 'passed' || (report?.status === 'failed' && !report.why)) return;
  const { message = 'it was not run', ...place } = report?.why ?? { line, column: 1 };
  throw failureAt(rehearsal.path, place, [message, report?.stderr].filter(Boolean).join('\n'));
}

async function requireKept(rehearsal: Rehearsal, { name }: Block, line: number): Promise<void> {
  const outcome = (await rehearsal.block(name))?.expectations.find((one) => one.line === line);
  if (outcome?.status === 'passed') return;
  const at = { line, column: 1 };
  if (!outcome || outcome.status === 'not-run') throw failureAt(rehearsal.path, at, 'its block was not run');
  throw Object.assign(failureAt(rehearsal.path, at, outcome.text), sidesOf(outcome));
}

/** What vitest shows as a difference. */
function sidesOf({ expected, actual, lines }: ExpectationOutcome): { expected: string; actual: string } {
  if (!lines) return { expected, actual };
  const side = (of: 'expected' | 'actual') =>
    lines.flatMap((line) => line[line.same ? 'actual' : of] ?? []).join('\n');
  return { expected: side('expected'), actual: side('actual') };
}

/** An error whose only place is one of the page: that is what a reporter shows, and where an editor goes. */
function failureAt(path: string, { line, column }: Place, message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}\n    at ${path}:${line}:${column}`;
  return error;
}
