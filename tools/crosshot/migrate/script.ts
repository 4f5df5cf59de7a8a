import { readFile } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import { resolveDestination } from './destination.ts';
import { type Move, stepsFrom } from './move.ts';
import { announce, type RevisionStep } from './steps.ts';
import { CREATE_VERSION_TABLE, moveVersion } from './version.ts';

/**
 * The steps of `from:to`; an upgrade to a single destination starts from base, since no database is asked. Throws
 * Failure (2), also for a downgrade that does not say where it starts.
 */
export function planOffline({ direction, destination, revisions }: Move): RevisionStep[] {
  const [first = '', second] = destination.split(':', 2);
  if (second === undefined && direction === 'downgrade') {
    throw new Failure(2, 'downgrade --sql needs <from>:<to>, for example head:base');
  }
  const from = second === undefined ? 0 : resolveDestination(first, revisions, 0);
  return stepsFrom(from, { direction, destination: second ?? first, revisions });
}

/** The SQL of the steps as one script for psql: each revision a transaction, its version row included. */
export async function scriptOf(steps: RevisionStep[]): Promise<string> {
  const sections = await Promise.all(steps.map(sectionOf));
  return sections.join('\n');
}

async function sectionOf(step: RevisionStep): Promise<string> {
  return [
    'BEGIN;',
    `-- ${announce(step)}`,
    ...(step.from === null ? [`${CREATE_VERSION_TABLE};`] : []),
    (await readFile(step.file, 'utf8')).trimEnd(),
    `${moveVersion(step)};`,
    'COMMIT;\n',
  ].join('\n\n');
}
