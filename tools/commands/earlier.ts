import { withOlder } from '../journal/exported.ts';
import { JournalError } from '../journal/journal.ts';
import { type Earlier, earlierRuns } from '../journal/resume.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * The run that a new one goes on from: with `resume` it is the newest one of the procedure, which must not have passed;
 * without, it is the newest one, or null. Its variables are those that it and the runs before it left. Throws
 * CommandError where there is nothing to resume, or where a journal cannot be read.
 */
export async function earlierRun(
  home: string,
  host: string,
  procedure: string,
  resume: boolean,
): Promise<Earlier | null> {
  try {
    return await earlierOf(home, host, procedure, resume);
  } catch (error) {
    if (error instanceof JournalError) throw new CommandError(EXIT.refused, error.message);
    throw error;
  }
}

async function earlierOf(
  home: string,
  host: string,
  procedure: string,
  resume: boolean,
): Promise<Earlier | null> {
  let variables: Record<string, string> = {};
  let found: Earlier | null = null;
  for await (const earlier of earlierRuns(home, host)) {
    if (resume && !found && earlier.procedure !== procedure) continue;
    if (resume && !found && earlier.finished) break;
    found ??= earlier;
    variables = withOlder(variables, earlier.variables);
  }
  if (found) return { ...found, variables };
  if (!resume) return null;
  throw new CommandError(EXIT.refused, `there is no unfinished run of ${procedure} on ${host} to resume`);
}
