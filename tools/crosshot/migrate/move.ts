import { withTemporalLock } from '../database/lock.ts';
import { Failure } from '../failure.ts';
import { resolveDestination, type Version } from './destination.ts';
import type { Revision } from './revisions.ts';
import { type Connection, runStep } from './run-step.ts';
import { type Direction, type RevisionStep, stepsBetween } from './steps.ts';
import { readVersion } from './version.ts';

/** What was asked for; `destination` as resolveDestination reads it. */
export interface Move {
  direction: Direction;
  destination: string;
  revisions: Revision[];
}

/** Who is told of what happens. */
interface Listener {
  /** Called before each revision runs. */
  onStep(step: RevisionStep): void;
  warn(line: string): void;
}

/**
 * Takes a database to a version. The version is read once the lock is had, so of two moves at once the second
 * finds what the first left. Throws Failure; the revisions that ran before it stay.
 */
export async function move(connection: Connection, asked: Move, listener: Listener): Promise<void> {
  await withTemporalLock(connection.client, listener.warn, async () => {
    const current = await readVersion(connection.client, asked.revisions);
    for (const step of stepsFrom(current, asked)) {
      listener.onStep(step);
      await runStep(connection, step);
    }
  });
}

/**
 * The steps of a move from `current`. As with Alembic, an upgrade to what lies behind is nothing to do, and a
 * downgrade to what lies ahead is refused with a Failure (2).
 */
export function stepsFrom(current: Version, { direction, destination, revisions }: Move): RevisionStep[] {
  const wrongSign = direction === 'upgrade' ? '-' : '+';
  if (destination.startsWith(wrongSign)) {
    throw new Failure(2, `${direction} ${destination} would go the other way`);
  }
  const goal = resolveDestination(destination, revisions, current);
  if (direction === 'upgrade') return goal > current ? stepsBetween(revisions, current, goal) : [];
  if (goal > current) {
    throw new Failure(2, `${destination} is not a downgrade target: the database is not as far as that`);
  }
  return stepsBetween(revisions, current, goal);
}
