import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { askHost } from '../host/ask.ts';
import type { Host } from '../host/host.ts';
import { localHost } from '../host/local.ts';
import { type Asked, callsOf, type Findings, findingsOf } from '../plan/findings.ts';
import type { Plan } from '../plan/plan.ts';
import { preflightQuestion, readPreflight } from '../plan/preflight.ts';
import type { ProgramCall } from '../plan/programs.ts';
import { showDuration } from '../text/duration.ts';
import { CommandError, EXIT } from './exit.ts';
import { problemLines } from './page.ts';

/** How long a machine may take to say what it has. */
const PATIENCE_MS = 60_000;

/**
 * Asks the host and this machine, at once and before anything runs, for all that the blocks of a plan take for granted:
 * their programs, a temporary directory, a clock, and silent login files. It changes nothing.
 */
export async function preflight(document: Document, plan: Plan, host: Host): Promise<Findings> {
  const calls = callsOf(document, plan);
  const here = localHost({ directory: dirname(resolve(document.path)) });
  return findingsOf(calls, ...(await Promise.all([asked(here, calls.here), asked(host, calls.there)])));
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

async function asked(host: Host, calls: ProgramCall[]): Promise<Asked> {
  const programs = [...new Set(calls.map(({ program }) => program))];
  const before = Date.now();
  const said = await askHost(host, preflightQuestion(programs), PATIENCE_MS);
  // The clock is read somewhere between question and answer.
  const about = { name: host.name, at: (before + Date.now()) / 2000 };
  if (!said) return { ...about, answer: null, why: `no answer in ${showDuration(PATIENCE_MS)}` };
  const last = said.stderr.trim().split('\n').at(-1);
  return { ...about, answer: readPreflight(said.stdout), why: last || `bash ended with ${said.code}` };
}
