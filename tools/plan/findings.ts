import type { Block, Document } from '../document/document.ts';
import type { Place, Problem } from '../document/problem.ts';
import { problems } from '../document/problems.ts';
import { showDuration } from '../text/duration.ts';
import { blockSteps, type Plan } from './plan.ts';
import type { Preflight } from './preflight.ts';
import { type ProgramCall, programsOf } from './programs.ts';

/** Clocks that differ by less fit well enough. */
const MOST_DIFFERENCE_S = 30;

/** The calls of programs of a plan: on this machine, and on the host. */
export interface Calls {
  here: ProgramCall[];
  there: ProgramCall[];
}

/** What a machine was asked, and what came of it. */
export interface Asked {
  /** What messages call it. */
  name: string;
  /** Null where it gave none; then `why` says what it gave instead. */
  answer: Preflight | null;
  why: string;
  /** Seconds since 1970 by this machine’s clock, when it was asked. */
  at: number;
}

/** What stands against a run, and what does not but should be known. */
export interface Findings {
  obstacles: Problem[];
  warnings: Problem[];
}

/** All that the blocks of a plan call, and the probes that a resumed run may ask. */
export function callsOf({ blocks, frontMatter: { hosts } }: Document, { steps }: Plan): Calls {
  const planned = blockSteps(steps).map(({ block }) => block);
  const probes = new Set(planned.map(({ done }) => done));
  const all = new Set([...planned, ...blocks.filter(({ name }) => probes.has(name))]);
  const of = (isThere: (block: Block) => boolean) => [...all].filter(isThere).flatMap(programsOf);
  return {
    here: of(({ on }) => on === 'local'),
    there: [...of(({ on }) => Object.hasOwn(hosts, on)), DOCKER],
  };
}

const TOP: Place = { line: 1, column: 1 };

/** The tool itself reaches services and the database through it. */
const DOCKER: ProgramCall = { program: 'docker', block: 'this tool', ...TOP };

/** What both machines lack, in the order of the document. */
export function findingsOf(calls: Calls, here: Asked, there: Asked): Findings {
  const obstacles = [...ofThisMachine(here, calls.here), ...ofHost(there, calls.there)];
  const noise = there.answer?.noise.trim() ?? '';
  const shown = JSON.stringify(noise.length > 60 ? `${noise.slice(0, 60)}…` : noise);
  return {
    obstacles: obstacles.sort((a, b) => a.line - b.line || a.column - b.column),
    warnings: noise === '' ? [] : [problems.loginNoise(TOP, there.name, shown)],
  };
}

function ofThisMachine({ name, answer, why }: Asked, calls: ProgramCall[]): Problem[] {
  if (calls.length === 0) return [];
  if (!answer) return [problems.noPreflight(TOP, name, why)];
  return missing(answer, calls, problems.noProgramHere);
}

function ofHost({ name, answer, why, at }: Asked, calls: ProgramCall[]): Problem[] {
  if (!answer) return [problems.noPreflight(TOP, name, why)];
  const ahead = Math.round(answer.clock - at);
  const off = showDuration(Math.abs(ahead) * 1000);
  return [
    ...missing(answer, calls, (place, program, blocks, directory) =>
      directory
        ? problems.programOffPath(place, name, program, blocks, directory)
        : problems.noProgramThere(place, name, program, blocks),
    ),
    ...(answer.temporary === null ? [] : [problems.noTemporary(TOP, name, answer.temporary)]),
    ...(Math.abs(ahead) > MOST_DIFFERENCE_S
      ? [problems.otherClock(TOP, name, `${off} ${ahead > 0 ? 'ahead of' : 'behind'}`)]
      : []),
  ];
}

/** One problem for each program that is missing, where it is called first. */
function missing(
  answer: Preflight,
  calls: ProgramCall[],
  problem: (at: Place, program: string, blocks: string, directory: string | null) => Problem,
): Problem[] {
  return answer.missing.flatMap(({ program, directory }) => {
    const callers = calls.filter((call) => call.program === program);
    const [first] = callers;
    return first ? [problem(first, program, namesOf(callers), directory)] : [];
  });
}

/** `one`, `one and two`, or `one, two and 5 more blocks`. */
function namesOf(calls: ProgramCall[]): string {
  const names = [...new Set(calls.map(({ block }) => block))];
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
