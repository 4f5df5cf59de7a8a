import { withTemporalLock } from '../database/lock.ts';
import { Problem } from '../failure.ts';
import { resolveTarget, type Version } from './destination.ts';
import type { Revision } from './revisions.ts';
import { runStep, type Session } from './run-step.ts';
import { type Direction, type Step, stepsBetween } from './steps.ts';
import { readVersion } from './version.ts';

/** What was asked for; `target` as resolveTarget reads it. */
export interface Move {
  direction: Direction;
  target: string;
  revisions: Revision[];
}

/** Who is told of what happens. */
interface Listener {
  /** Called before each revision runs. */
  onStep(step: Step): void;
  warn(line: string): void;
}

/**
 * Takes a database to a version. The version is read once the lock is had, so of two moves at once the second
 * finds what the first left. Throws Problem; the revisions that ran before it stay.
 */
export async function move(session: Session, asked: Move, listener: Listener): Promise<void> {
  await withTemporalLock(session.client, listener.warn, async () => {
    const current = await readVersion(session.client, asked.revisions);
    for (const step of stepsFrom(current, asked)) {
      listener.onStep(step);
      await runStep(session, step);
    }
  });
}

/**
 * The steps of a move from `current`. As with Alembic, an upgrade to what lies behind is nothing to do, and a
 * downgrade to what lies ahead is refused with a Problem (2).
 */
export function stepsFrom(current: Version, { direction, target, revisions }: Move): Step[] {
  const wrongSign = direction === 'upgrade' ? '-' : '+';
  if (target.startsWith(wrongSign)) {
    throw new Problem(2, `${direction} ${target} would go the other way`);
  }
  const goal = resolveTarget(target, revisions, current);
  if (direction === 'upgrade') return goal > current ? stepsBetween(revisions, current, goal) : [];
  if (goal > current) {
    throw new Problem(2, `${target} is not a downgrade target: the database is not as far as that`);
  }
  return stepsBetween(revisions, current, goal);
}
