import type { BlockReport } from './report.ts';

type Carried = NonNullable<BlockReport['carried']>;

/** Why a block counts as passed that this run did not run. */
export const BECAUSE: Record<Carried['because'], string> = {
  passed: 'passed',
  probe: 'is done, as its probe says',
  person: 'is done, as the person says',
};

/** Why a block counts as passed that this run did not run: `passed in run 2026…, at 2026-03-01 02:00:00 UTC`. */
export function carriedWords({ because, run, at }: Carried): string {
  const when = at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  if (because === 'passed') return `passed in run ${run}, at ${when}`;
  return `${BECAUSE[because]}; begun in run ${run}, at ${when}`;
}
