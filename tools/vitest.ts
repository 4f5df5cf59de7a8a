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
import type { Place } from './document/problem.ts';
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
  { procedures = ['main'], timeoutMs = 600_000, ...options }: RunbookOptions = {},
): Record<string, RehearsedRunbook> {
  const path = resolve(file);
  const document = parseDocument(path, readFileSync(path), HOST_KINDS);
  const found = checkDocument(document);
  const rehearsals = procedures.map((procedure) => new Rehearsal(path, procedure, options));
  describe(file, () => {
    it('has no problem', () => {
      const [first] = found;
      if (!first) return;
      const all = found.map(({ line, column, message, rule }) => `${line}:${column}: ${message} [${rule}]`);
      throw failureAt(path, first, all.join('\n'));
    });
    // A page that is not sound is not rehearsed: its problems say more than a refusal would.
    for (const rehearsal of found.length === 0 ? rehearsals : [])
      describe(rehearsal.procedure, () => describeProcedure(document, rehearsal, timeoutMs));
  });
  return Object.fromEntries(rehearsals.map((rehearsal) => [rehearsal.procedure, rehearsal]));
}

function describeProcedure(document: Document, rehearsal: Rehearsal, timeoutMs: number): void {
  const blocks = blockSteps(stepsOf(document, rehearsal.procedure) ?? []).map(({ block }) => block);
  beforeAll(() => rehearsal.directory(), timeoutMs);
  it('comes to its end', () => rehearsal.requireEnd());
  for (const block of blocks)
    describe(block.name, () => {
      it('runs to its end', () => requirePassed(rehearsal, block));
      for (const expectation of block.expectations) {
        if (expectation.kind === 'output') {
          const { line } = expectation.body;
          it(`prints\n${expectation.lines.join('\n')}`, () => requireKept(rehearsal, block, line));
        } else
          for (const { text, line } of expectation.sentences)
            it(text, () => requireKept(rehearsal, block, line));
      }
    });
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
