import { dirname, resolve } from 'node:path';
import type { Block, Document } from '../document/document.ts';
import type { Place, Problem } from '../document/problem.ts';
import { problems } from '../document/problems.ts';
import { askHost } from '../host/ask.ts';
import type { Host } from '../host/host.ts';
import { localHost } from '../host/local.ts';
import { type Preflight, preflightQuestion, readPreflight } from '../host/preflight.ts';
import type { Plan } from '../plan/plan.ts';
import { type ProgramCall, programsOf } from '../plan/programs.ts';
import { showDuration } from '../text/duration.ts';
import { CommandError, EXIT } from './exit.ts';
import { problemLines } from './read.ts';

/** How long a machine may take to say what it has. */
const PATIENCE_MS = 60_000;

/** Clocks that differ by less fit well enough. */
const MOST_DIFFERENCE_S = 30;

/** What stands against a run, and what does not but should be known. */
export interface Findings {
  obstacles: Problem[];
  warnings: Problem[];
}

/**
 * Asks the host and this machine, at once and before anything runs, for all that the blocks of a plan take for granted:
 * their programs, a temporary directory, a clock, and silent login files. It changes nothing.
 */
export async function preflight(document: Document, plan: Plan, host: Host): Promise<Findings> {
  const blocks = blocksOf(document, plan);
  const local = blocks.filter(({ on }) => on === 'local').flatMap(programsOf);
  const remote = blocks.filter(({ on }) => Object.hasOwn(document.frontMatter.hosts, on)).flatMap(programsOf);
  const here = localHost({ directory: dirname(resolve(document.path)) });
  const [ours, theirs] = await Promise.all([asked(here, local), asked(host, [...remote, DOCKER])]);
  const found = [
    ...(ours.answer || local.length === 0 ? [] : [problems.noPreflight(TOP, here.name, ours.why)]),
    ...missing(ours, local, problems.noProgramHere),
    ...aboutHost(theirs, remote, host.name),
  ];
  const noise = theirs.answer?.noise.trim() ?? '';
  const said = JSON.stringify(noise.length > 60 ? `${noise.slice(0, 60)}…` : noise);
  return {
    obstacles: found.sort((a, b) => a.line - b.line || a.column - b.column),
    warnings: noise === '' ? [] : [problems.loginNoise(TOP, host.name, said)],
  };
}

/** Throws CommandError with all that was found where something stands against a run; else gives the warnings’ lines. */
export function requireSound({ path }: Document, { obstacles, warnings }: Findings): string[] {
  const lines = problemLines(path, warnings).map((line) => `warning: ${line}`);
  if (obstacles.length === 0) return lines;
  throw new CommandError(
    EXIT.cannotRun,
    [...problemLines(path, obstacles), ...lines, 'nothing has run'].join('\n'),
  );
}

const TOP: Place = { line: 1, column: 1 };

/** The tool itself reaches services and the database through it. */
const DOCKER: ProgramCall = { program: 'docker', block: 'this tool', ...TOP };

/** Of the plan, and the probes that a resumed run may ask. */
function blocksOf({ blocks }: Document, { steps }: Plan): Block[] {
  const planned = steps.flatMap((step) => (step.kind === 'block' ? [step.block] : []));
  const probes = new Set(planned.map(({ done }) => done));
  return [...new Set([...planned, ...blocks.filter(({ name }) => probes.has(name))])];
}

interface Asked {
  answer: Preflight | null;
  /** Why there is none. */
  why: string;
  /** Seconds since 1970 by this machine’s clock, in the middle of question and answer. */
  middle: number;
}

async function asked(host: Host, calls: ProgramCall[]): Promise<Asked> {
  const programs = [...new Set(calls.map(({ program }) => program))];
  const before = Date.now();
  const said = await askHost(host, preflightQuestion(programs), PATIENCE_MS);
  const middle = (before + Date.now()) / 2000;
  if (!said) return { answer: null, why: `no answer in ${showDuration(PATIENCE_MS)}`, middle };
  const last = said.stderr.trim().split('\n').at(-1);
  return { answer: readPreflight(said.stdout), why: last || `bash ended with ${said.code}`, middle };
}

function aboutHost({ answer, why, middle }: Asked, calls: ProgramCall[], name: string): Problem[] {
  if (!answer) return [problems.noPreflight(TOP, name, why)];
  const difference = Math.round(answer.clock - middle);
  const off = showDuration(Math.abs(difference) * 1000);
  return [
    ...missing({ answer }, [...calls, DOCKER], (at, program, blocks, directory) =>
      directory
        ? problems.programOffPath(at, name, program, blocks, directory)
        : problems.noProgramThere(at, name, program, blocks),
    ),
    ...(answer.temporary === null ? [] : [problems.noTemporary(TOP, name, answer.temporary)]),
    ...(Math.abs(difference) > MOST_DIFFERENCE_S
      ? [problems.otherClock(TOP, name, `${off} ${difference > 0 ? 'ahead of' : 'behind'}`)]
      : []),
  ];
}

/** One problem for each program that is missing, where it is called first. */
function missing(
  { answer }: Pick<Asked, 'answer'>,
  calls: ProgramCall[],
  problem: (at: Place, program: string, blocks: string, directory: string | null) => Problem,
): Problem[] {
  return (answer?.missing ?? []).flatMap(({ program, directory }) => {
    const callers = calls.filter((call) => call.program === program);
    const [first] = callers;
    return first ? [problem(first, program, namesOf(callers), directory)] : [];
  });
}

function namesOf(calls: ProgramCall[]): string {
  const names = [...new Set(calls.map(({ block }) => block))];
  if (names.length <= 3) return names.join(' and ').replace(' and ', names.length === 3 ? ', ' : ' and ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more blocks`;
}
