import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes, the longest first: begun last, a worker would run it alone, with the others idle. */
const LONGEST = [
  'sections/rollback-b',
  'contract/ssh-ending',
  'contract/docker-ending',
  'contract/ssh-running',
  'contract/docker-running',
  'commands/resume',
  'commands/run',
  'campaign/campaign',
  'commands/leftovers',
  'contract/embedded-ending',
  'host/odd',
  'contributing',
  'bench/bench',
  'sections/again',
  'contract/embedded-running',
  'sections/rollback-a',
  'sections/logs',
  'host/known-end',
];

/** The order of the files: those that take long, then all others as vitest has them. */
export class LongestFirst extends BaseSequencer {
  /** Throws where a file that was long is there no more: its name would do nothing. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONGEST.find((name) => !existsSync(join(import.meta.dirname, '..', `${name}.spec.ts`)));
    if (gone) throw new Error(`spec/support/sequencer.ts names ${gone}, which is not there`);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`spec/${name}.spec.ts`));
      return at === -1 ? LONGEST.length : at;
    };
    // A sort is stable: files of one rank stay as they are.
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
