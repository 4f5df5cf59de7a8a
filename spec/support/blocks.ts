import { readFileSync } from 'node:fs';
import type { Block } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import type { Executor, RunRequest } from '../../tools/host/executor.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import type { BlockFinished } from '../../tools/journal/event.ts';
import { variablesLeftBy } from '../../tools/journal/exported.ts';
import type { Output, ShellOutput, SqlOutput } from '../../tools/outcome/output.ts';
import { type HostFacts, makePlan, type PlannedStep } from '../../tools/plan/plan.ts';
import { run } from '../../tools/run.ts';
import { newRunId } from './run-id.ts';

/** The runbook that every section's spec runs blocks of. */
export const runbook = parseDocument('runbook.md', readFileSync('runbook.md'), HOST_KINDS);

const FACTS: HostFacts = {
  name: 'the replica',
  kind: 'embedded',
  hostNames: ['nas'],
  services: null,
  terminal: false,
};

/** Runs procedures of the runbook on any host, as one run; what the blocks export goes into `variables`. */
export async function runBlocks(
  executor: Executor,
  procedures: string[],
  { retry, variables }: { retry: boolean; variables: Record<string, string> },
): Promise<BlockFinished[]> {
  const steps = procedures.flatMap((procedure) => stepsOf(procedure, retry));
  const { signal } = new AbortController();
  const finished: BlockFinished[] = [];
  const options = { run: newRunId(), signal, ask: async () => 'assumed' as const, variables };
  for await (const event of run({ procedure: 'spec', steps }, executor, options)) {
    if (event.type !== 'block-finished') continue;
    finished.push(event);
    Object.assign(variables, variablesLeftBy(event));
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

/** Runs one block that begins now, and lets the far side forget it; nobody records, watches or interrupts it. */
export async function runToEnd(
  executor: Executor,
  block: Block,
  given: Partial<Omit<RunRequest, 'block'>> = {},
): Promise<Output> {
  const { output, forget } = await executor.run({
    block,
    beginning: { run: newRunId(), name: block.name, attempt: 1 },
    begun: null,
    variables: {},
    record: async () => undefined,
    onLine: () => undefined,
    signal: new AbortController().signal,
    ...given,
  });
  await forget();
  return output;
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
