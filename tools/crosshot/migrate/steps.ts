import type { Version } from './destination.ts';
import type { Revision } from './revisions.ts';

export type Direction = 'upgrade' | 'downgrade';

/** One revision to run, up or down: a file, and what it does to the row of alembic_version. */
export interface RevisionStep {
  direction: Direction;
  from: string | null;
  to: string | null;
  title: string;
  file: string;
}

/** What leads from one version to another, in order; nothing where they are the same. */
export function stepsBetween(revisions: Revision[], from: Version, to: Version): RevisionStep[] {
  if (from <= to) return revisions.slice(from, to).map(up);
  return revisions.slice(to, from).reverse().map(down);
}

const up = ({ id, previous, title, upFile }: Revision): RevisionStep => ({
  direction: 'upgrade',
  from: previous,
  to: id,
  title,
  file: upFile,
});

const down = ({ id, previous, title, downFile }: Revision): RevisionStep => ({
  direction: 'downgrade',
  from: id,
  to: previous,
  title,
  file: downFile,
});

/** The line that announces a step, in Alembic's words. */
export const announce = ({ direction, from, to, title }: RevisionStep) =>
  `Running ${direction} ${from ?? ''} -> ${to ?? ''}, ${title}`;
