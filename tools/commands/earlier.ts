import { JournalError } from '../journal/journal.ts';
import { type Earlier, earlierRuns } from '../journal/resume.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * To resume: the newest run of the procedure, which must not have passed. Else the newest run. With the variables that
 * it and those before it exported. Throws CommandError where there is nothing to resume, or where a journal cannot be read.
 */
export async function earlierRun(
  home: string,
  target: string,
  procedure: string,
  resume: boolean,
): Promise<Earlier | null> {
  try {
    return await earlierOf(home, target, procedure, resume);
  } catch (error) {
    if (error instanceof JournalError) throw new CommandError(EXIT.refused, error.message);
    throw error;
  }
}

async function earlierOf(
  home: string,
  target: string,
  procedure: string,
  resume: boolean,
): Promise<Earlier | null> {
  const variables: Record<string, string> = {};
  let found: Earlier | null = null;
  for await (const earlier of earlierRuns(home, target)) {
    if (resume && !found && earlier.procedure !== procedure) continue;
    if (resume && !found && earlier.finished) break;
    found ??= earlier;
    for (const [name, value] of Object.entries(earlier.variables)) variables[name] ??= value;
  }
  if (found) return { ...found, variables };
  if (!resume) return null;
  throw new CommandError(EXIT.refused, `there is no unfinished run of ${procedure} on ${target} to resume`);
}
