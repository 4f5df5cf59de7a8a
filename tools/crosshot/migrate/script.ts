import { readFile } from 'node:fs/promises';
import { Problem } from '../failure.ts';
import { resolveTarget } from './destination.ts';
import { type Move, stepsFrom } from './move.ts';
import { announce, type Step } from './steps.ts';
import { CREATE_VERSION_TABLE, moveVersion } from './version.ts';

/**
 * The steps of `from:to`; an upgrade to a single target starts from base, since no database is asked. Throws
 * Problem (2), also for a downgrade that does not say where it starts.
 */
export function planOffline({ direction, target, revisions }: Move): Step[] {
  const [first = '', second] = target.split(':', 2);
  if (second === undefined && direction === 'downgrade') {
    throw new Problem(2, 'downgrade --sql needs <from>:<to>, for example head:base');
  }
  const from = second === undefined ? 0 : resolveTarget(first, revisions, 0);
  return stepsFrom(from, { direction, target: second ?? first, revisions });
}

/** The SQL of the steps as one script for psql: each revision a transaction, its version row included. */
export async function scriptOf(steps: Step[]): Promise<string> {
  const sections = await Promise.all(steps.map(sectionOf));
  return sections.join('\n');
}

async function sectionOf(step: Step): Promise<string> {
  return [
    'BEGIN;',
    `-- ${announce(step)}`,
    ...(step.from === null ? [`${CREATE_VERSION_TABLE};`] : []),
    (await readFile(step.file, 'utf8')).trimEnd(),
    `${moveVersion(step)};`,
    'COMMIT;\n',
  ].join('\n\n');
}
