import { parseDocument } from '../../tools/document/parse.ts';
import type { Executor, RunRequest } from '../../tools/host/executor.ts';
import { runToEnd } from '../support/blocks.ts';
import type { Output, ShellOutput, SqlOutput } from '../../tools/outcome/output.ts';

/** Runs one fence on a target: `info` is its info string, e.g. `sh { on=nas timeout=1s }`. */
function runFence(
  target: Executor,
  info: string,
  text: string,
  given: Partial<Omit<RunRequest, 'block'>> = {},
): Promise<Output> {
  const document = parseDocument('runbook.md', Buffer.from(`# Contract\n\n\`\`\`${info}\n${text}\n\`\`\`\n`));
  const [block] = document.blocks;
  if (!block || document.problems.length > 0) throw new Error(JSON.stringify(document.problems));
  return runToEnd(target, block, given);
}

/** What a shell's fence gave. */
export const runShellFence = runFence as (...args: Parameters<typeof runFence>) => Promise<ShellOutput>;

/** What an `sql` fence gave. */
export const runSqlFence = runFence as (...args: Parameters<typeof runFence>) => Promise<SqlOutput>;
