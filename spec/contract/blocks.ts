import { parseDocument } from '../../tools/document/parse.ts';
import type { Executor, RunRequest } from '../../tools/host/executor.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import type { Output, ShellOutput, SqlOutput } from '../../tools/outcome/output.ts';
import { runToEnd } from '../support/blocks.ts';

/** Runs one fence on a host: `info` is its info string, e.g. `sh { on=nas timeout=1s }`. */
function runFence(
  executor: Executor,
  info: string,
  text: string,
  given: Partial<Omit<RunRequest, 'block'>> = {},
): Promise<Output> {
  const document = parseDocument(
    'runbook.md',
    Buffer.from(`# Contract\n\n\`\`\`${info}\n${text}\n\`\`\`\n`),
    HOST_KINDS,
  );
  const [block] = document.blocks;
  if (!block || document.problems.length > 0) throw new Error(JSON.stringify(document.problems));
  return runToEnd(executor, block, given);
}

/** What a shell's fence gave. */
export const runShellFence = runFence as (...args: Parameters<typeof runFence>) => Promise<ShellOutput>;

/** What an `sql` fence gave. */
export const runSqlFence = runFence as (...args: Parameters<typeof runFence>) => Promise<SqlOutput>;
