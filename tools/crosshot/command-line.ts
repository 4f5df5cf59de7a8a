import { type Command, CommanderError } from 'commander';
import pg from 'pg';
import { isConnectionLoss } from './database/connection.ts';
import { remedyFor } from './database/remedies.ts';
import { Failure } from './failure.ts';

/** Parses the arguments, runs the command that they name, and leaves its exit status in process.exitCode. */
export async function runCommandLine(program: Command, argv: string[] = process.argv): Promise<void> {
  // `migrate upgrade head --sql | head` closes our output early, which is nobody's mistake.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitStatusOf(error);
  }
}

function exitStatusOf(error: unknown): number {
  // commander has printed its own message already; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) return fail(error.message, error.exitStatus);
  if (isConnectionLoss(error))
    return fail(`the connection to the database was lost: ${(error as Error).message}`, 3);
  if (error instanceof pg.DatabaseError) {
    const remedy = remedyFor(error.code);
    return fail(`${error.message} (SQLSTATE ${error.code})${remedy ? `\n  ${remedy}` : ''}`, 1);
  }
  throw error;
}

function fail(message: string, status: number): number {
  process.stderr.write(`error: ${message}\n`);
  return status;
}
