import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { parseDocument } from '../../tools/document/parse.ts';
import type { BlockFinished } from '../../tools/journal/event.ts';
import type { ShellOutput, SqlOutput } from '../../tools/outcome/output.ts';
import { makePlan, type PlannedStep, type TargetFacts } from '../../tools/plan/plan.ts';
import { chooseReplica } from '../../tools/replica/choose.ts';
import { reachDirectly } from '../../tools/replica/reach.ts';
import { recipeOf, seedFiles, variablesOf } from '../../tools/replica/recipe.ts';
import type { Replica, ReplicaKind } from '../../tools/replica/replica.ts';
import { seed } from '../../tools/replica/seed.ts';
import { run } from '../../tools/run.ts';
import { openTarget } from '../../tools/target/open.ts';
import type { Target } from '../../tools/target/target.ts';
import { runShellFence } from '../target/contract/blocks.ts';
import { describeWith, type Need } from './requires.ts';
import { type SavedStates, savedStates } from './states.ts';

/** The runbook that every section's spec runs blocks of. */
export const runbook = parseDocument('runbook.md', readFileSync('runbook.md'));

/** A replica with the small data in it, before the migration, and ways to run the runbook's blocks on it. */
export interface SpecStage extends SavedStates {
  kind: ReplicaKind;
  /** The project directory: where `backups/` is. */
  directory: string;
  apiUrl: string;
  /** Of the replica's database, with its role; good for the commands and for clients of one's own. */
  url: string;
  target: Target;
  /** What the blocks that ran have exported; a spec may change it. */
  variables: Record<string, string>;
  /**
   * Runs blocks and procedures of the runbook, by name or path, as one run: after the first that is wrong the others
   * are not run. `retry: false` tries each block once, for specs that wait for its failure.
   */
  run(procedures: string[], options?: { retry?: boolean }): Promise<BlockFinished[]>;
  /** As `run`, and expects every block to pass. */
  pass(...procedures: string[]): Promise<BlockFinished[]>;
  /** Runs a shell that is not in the runbook, e.g. `on=nas`; expects it to end with 0, and returns what it printed. */
  shell(on: string, text: string): Promise<string>;
}

const FACTS: TargetFacts = { name: 'the replica', kind: 'embedded', services: null, terminal: false };

/**
 * Describes the same things of the embedded replica and, where there is an engine, of the Docker one. Of the stack the
 * named services run, all of it where none is named. `stage` is there once tests run, not while they are collected; `kind` is known
 * before.
 */
export function describeEachReplica(
  services: string[],
  body: (stage: SpecStage, kind: ReplicaKind) => void,
  needs: Need[] = [],
): void {
  for (const kind of ['embedded', 'docker'] as const) {
    describeWith(kind === 'docker' ? ['docker', ...needs] : needs, `on the ${kind} replica`, () => {
      const stage = {} as SpecStage;
      let strike: (() => Promise<void>) | undefined;
      beforeAll(async () => {
        const set = await setStage(kind, services);
        strike = set.strike;
        Object.assign(stage, set.stage);
      }, 240_000);
      afterAll(() => strike?.());
      body(stage, kind);
    });
  }
}

async function setStage(kind: ReplicaKind, services: string[]) {
  const replica = await chooseReplica(kind, recipeOf(runbook), () => undefined);
  const strikers: (() => Promise<unknown>)[] = [() => replica.down()];
  const strike = async () => {
    for (const end of strikers.reverse()) await end();
  };
  try {
    const target = await openSeeded(replica, services);
    strikers.push(() => target.close());
    const { stdout } = await runShellFence(target, 'sh { on=local }', 'printf %s "$DATABASE_URL"');
    const states = savedStates(stdout.text);
    strikers.push(() => states.disconnect());
    return { stage: stageOf(replica, target, stdout.text, states), strike };
  } catch (error) {
    await strike();
    throw error;
  }
}

async function openSeeded(replica: Replica, services: string[]): Promise<Target> {
  const { database } = recipeOf(runbook);
  await replica.up([database.service]);
  await seed(() => replica.connectDatabase(), database, replica.id, seedFiles(runbook, 'small'));
  await replica.up(services);
  return openTarget({
    facts: { ...FACTS, name: replica.id, kind: replica.kind },
    seeded: true,
    ...reachDirectly(replica),
    localDirectory: process.cwd(),
    environment: replica.environment,
    variables: variablesOf(runbook, replica),
    database,
    runbook: runbook.path,
  });
}

function stageOf(replica: Replica, target: Target, url: string, states: SavedStates): SpecStage {
  const variables: Record<string, string> = {};
  const runHere: SpecStage['run'] = (procedures, { retry = true } = {}) =>
    runBlocks(target, procedures, { retry, variables });
  return {
    ...states,
    kind: replica.kind,
    directory: replica.directory,
    apiUrl: variablesOf(runbook, replica).API_URL ?? '',
    url,
    target,
    variables,
    run: runHere,
    async pass(...procedures) {
      const finished = await runHere(procedures);
      expect(wrongs(finished)).toEqual([]);
      return finished;
    },
    async shell(on, text) {
      const { exitCode, stdout, stderr } = await runShellFence(target, `sh { on=${on} }`, text);
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr.text }).toEqual({ exitCode: 0, stderr: '' });
      return stdout.text;
    },
  };
}

/** Runs procedures of the runbook on any target, as one run; what the blocks export goes into `variables`. */
export async function runBlocks(
  target: Target,
  procedures: string[],
  { retry, variables }: { retry: boolean; variables: Record<string, string> },
): Promise<BlockFinished[]> {
  const steps = procedures.flatMap((procedure) => stepsOf(procedure, retry));
  const { signal } = new AbortController();
  const finished: BlockFinished[] = [];
  const options = { signal, ask: async () => 'assumed' as const, variables };
  for await (const event of run({ procedure: 'spec', steps }, target, options)) {
    if (event.type !== 'block-finished') continue;
    finished.push(event);
    if (event.output?.kind === 'shell') Object.assign(variables, event.output.exports);
    Object.assign(variables, event.outcome.captured);
  }
  return finished;
}

function stepsOf(procedure: string, retry: boolean): PlannedStep[] {
  const made = makePlan(runbook, procedure, FACTS);
  if (!('plan' in made)) throw new Error(made.problems.map(({ message }) => message).join('\n'));
  if (retry) return made.plan.steps;
  return made.plan.steps.map((step) =>
    step.kind === 'block' ? { ...step, block: { ...step.block, retryMs: 0 } } : step,
  );
}

/** Everything that is wrong with a run's blocks, a line each: `block: what was expected: what there was`. */
export function wrongs(finished: BlockFinished[]): string[] {
  return finished.flatMap(({ name, outcome }) => [
    ...(outcome.why ? [`${name}: ${outcome.why.message}`] : []),
    ...outcome.expectations
      .filter(({ status }) => status === 'failed')
      .map(({ text, actual }) => `${name}: ${text}: ${actual}`),
  ]);
}

/** The numbers, from 1, of the statements of an sql block whose sentences failed in a run. */
export function statementsWrong(finished: BlockFinished[], name: string): number[] {
  const outcome = finished.find((event) => event.name === name)?.outcome;
  const failed = outcome?.expectations.filter(({ status }) => status === 'failed').map(({ line }) => line);
  const sentences = blockNamed(name).expectations.flatMap((one) =>
    one.kind === 'sentences' ? one.sentences : [],
  );
  const wrong = sentences.filter(({ line }) => failed?.includes(line)).map(({ statement }) => statement ?? 0);
  return [...new Set(wrong)].map((statement) => statement + 1);
}

/** What a shell block of a run gave. Throws where it did not run. */
export function shellOutput(finished: BlockFinished[], name: string): ShellOutput {
  const output = finished.find((event) => event.name === name)?.output;
  if (output?.kind !== 'shell') throw new Error(`${name} gave no shell's output`);
  return output;
}

/** The rows of the n-th statement of an sql block of a run. Throws where there is no such result. */
export function rowsOf(finished: BlockFinished[], name: string, statement = 0): (string | null)[][] {
  const output = finished.find((event) => event.name === name)?.output as SqlOutput | null | undefined;
  const result = output?.results?.[statement];
  if (!result) throw new Error(`${name} gave no result of statement ${statement + 1}`);
  return result.rows;
}

/** The block of this name. Throws where the runbook has none. */
export function blockNamed(name: string) {
  const block = runbook.blocks.find((one) => one.name === name);
  if (!block) throw new Error(`the runbook has no block \`${name}\``);
  return block;
}
