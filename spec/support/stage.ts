import { afterAll, beforeAll, expect } from 'vitest';
import type { DatabaseLogin } from '../../tools/host/database.ts';
import { type Executor, openExecutor } from '../../tools/host/executor.ts';
import type { BlockFinished } from '../../tools/journal/event.ts';
import { chooseReplica } from '../../tools/replica/choose.ts';
import { recipeOf, seedFiles, variablesOf } from '../../tools/replica/recipe.ts';
import type { Replica, ReplicaKind } from '../../tools/replica/replica.ts';
import { seed } from '../../tools/replica/seed.ts';
import { runShellFence } from '../contract/blocks.ts';
import { runBlocks, runbook, wrongs } from './blocks.ts';
import { describeWith, type Need } from './requires.ts';
import { type SavedStates, savedStates } from './states.ts';

/** A replica with the small data in it, before the migration, and ways to run the runbook's blocks on it. */
export interface SpecStage extends SavedStates {
  kind: ReplicaKind;
  /** The project directory: where `backups/` is. */
  directory: string;
  apiUrl: string;
  /** Of the replica's database, with its role; good for the commands and for clients of one's own. */
  url: string;
  executor: Executor;
  /** What the blocks that ran have exported; a spec may change it. */
  variables: Record<string, string>;
  /**
   * Runs blocks and procedures of the runbook, by name or path, as one run: after the first that is wrong the
   * others are not run. `retry: false` tries each block once, for specs that wait for its failure.
   */
  run(procedures: string[], options?: { retry?: boolean }): Promise<BlockFinished[]>;
  /** As `run`, and expects every block to pass. */
  pass(...procedures: string[]): Promise<BlockFinished[]>;
  /** Runs a shell that is not in the runbook, expects it to end with 0, and returns what it printed. */
  shell(on: string, text: string): Promise<string>;
}

type Body = (stage: SpecStage, kind: ReplicaKind) => void;

/**
 * Describes things of the embedded replica. Of the stack the named services run, all of it where none is named.
 * `stage` is there once tests run, not while they are collected. `needs` is what they need of the machine.
 */
export function describeStage(services: string[], body: Body, needs: Need[] = []): void {
  describeReplica('embedded', services, body, needs);
}

/**
 * As `describeStage`, and the same things of the Docker replica, where there is an engine: for what an engine does its
 * own way. The rest is held to be the same by `spec/contract` and by `spec/replica/same.spec.ts`.
 */
export function describeEachReplica(services: string[], body: Body): void {
  describeReplica('embedded', services, body, []);
  describeReplica('docker', services, body, ['docker']);
}

function describeReplica(kind: ReplicaKind, services: string[], body: Body, needs: Need[]): void {
  describeWith(needs, `on the ${kind} replica`, () => {
    const stage = {} as SpecStage;
    let strike: (() => Promise<void>) | undefined;
    beforeAll(async () => {
      const set = await setStage(kind, services);
      strike = set.strike;
      Object.assign(stage, set.stage);
    });
    afterAll(() => strike?.());
    body(stage, kind);
  });
}

async function setStage(kind: ReplicaKind, services: string[]) {
  const replica = await chooseReplica(kind, recipeOf(runbook), () => undefined);
  const strikers: (() => Promise<unknown>)[] = [() => replica.down()];
  const strike = async () => {
    for (const end of strikers.reverse()) await end();
  };
  try {
    const executor = await openSeeded(replica, services);
    strikers.push(() => executor.close());
    const { stdout } = await runShellFence(executor, 'sh { on=local }', 'printf %s "$DATABASE_URL"');
    const states = savedStates(stdout.text);
    strikers.push(() => states.disconnect());
    return { stage: stageOf(replica, executor, stdout.text, states), strike };
  } catch (error) {
    await strike();
    throw error;
  }
}

async function openSeeded(replica: Replica, services: string[]): Promise<Executor> {
  const database = recipeOf(runbook).database as DatabaseLogin;
  await replica.up([database.service]);
  await seed(replica.host, database, replica.id, seedFiles(runbook, 'small'));
  await replica.up(services);
  return openExecutor({
    host: replica.host,
    hostNames: ['nas'],
    seeded: true,
    localDirectory: process.cwd(),
    environment: replica.environment,
    variables: variablesOf(runbook, replica),
    database,
    runbook: runbook.path,
  });
}

function stageOf(replica: Replica, executor: Executor, url: string, states: SavedStates): SpecStage {
  const variables: Record<string, string> = {};
  const runHere: SpecStage['run'] = (procedures, { retry = true } = {}) =>
    runBlocks(executor, procedures, { retry, variables });
  return {
    ...states,
    kind: replica.kind,
    directory: replica.directory,
    apiUrl: variablesOf(runbook, replica).API_URL ?? '',
    url,
    executor,
    variables,
    run: runHere,
    async pass(...procedures) {
      const finished = await runHere(procedures);
      expect(wrongs(finished)).toEqual([]);
      return finished;
    },
    async shell(on, text) {
      const { exitCode, stdout, stderr } = await runShellFence(executor, `sh { on=${on} }`, text);
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr.text }).toEqual({ exitCode: 0, stderr: '' });
      return stdout.text;
    },
  };
}
