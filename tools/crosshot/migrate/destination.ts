import { Failure } from '../failure.ts';
import type { Revision } from './revisions.ts';

/**
 * A version is a number of revisions applied: 0 is `base`, and the last revision's position is `head`.
 */
export type Version = number;

/** An id or the beginning of one, a name, or neither; then how many revisions from there. */
const DESTINATION = /^(?<start>\w*?)(?<offset>[+-]\d+)?$/;

/**
 * The version that a destination names, as Alembic reads it: `head`, `base`, a revision's id or unique beginning,
 * and `+2`, `-1` (from `current`) or `head-1`, `20260301_0100+1`. Throws Failure (2) for anything else.
 */
export function resolveDestination(destination: string, revisions: Revision[], current: Version): Version {
  const { start, offset = '0' } = DESTINATION.exec(destination)?.groups ?? {};
  if (start === undefined || destination === '') throw unknown(destination, revisions);
  const from = start === '' ? current : resolveName(start, revisions);
  const version = from + Number(offset);
  if (version < 0 || version > revisions.length) {
    const room = Number(offset) > 0 ? revisions.length - from : from;
    throw new Failure(
      2,
      `relative revision ${destination} asks for ${Math.abs(Number(offset))} steps, but there are ${room}`,
    );
  }
  return version;
}

function resolveName(name: string, revisions: Revision[]): Version {
  if (name === 'base') return 0;
  if (name === 'head' || name === 'heads') return revisions.length;
  const matching = revisions.filter(({ id }) => id.startsWith(name));
  const [only] = matching;
  if (only === undefined) throw unknown(name, revisions);
  if (matching.length > 1) {
    const ids = matching.map(({ id }) => id).join(', ');
    throw new Failure(2, `revision ${name} is ambiguous: ${ids} begin so; write more of it`);
  }
  return revisions.indexOf(only) + 1;
}

function unknown(name: string, revisions: Revision[]): Failure {
  const known = ['base', ...revisions.map(({ id }) => id), 'head'].join(', ');
  return new Failure(2, `can't locate revision identified by "${name}": known are ${known}`);
}

/** The id of a version's newest revision, or null for `base`. */
export const idAt = (version: Version, revisions: Revision[]) => revisions[version - 1]?.id ?? null;
