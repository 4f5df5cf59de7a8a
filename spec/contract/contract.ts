import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../support/requires.ts';
import { runShellFence, runSqlFence } from './blocks.ts';
import { KINDS, type Kind, type Opened } from './hosts.ts';
import type { Suite } from './suite.ts';

/**
 * Describes these cases of a kind of host, with a stack behind it. Each kind has files of its own: what waits for one
 * host's deadlines leaves a processor to another's.
 */
export function contract(name: keyof typeof KINDS, ...cases: ((suite: Suite) => void)[]): void {
  const kind: Kind = KINDS[name];
  describeWith(kind.needs, kind.name, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await kind.open();
    });
    afterAll(() => opened?.close());

    const suite: Suite = {
      opened: () => opened,
      sh: (on, text, more, attributes = '') =>
        runShellFence(opened.executor, `sh { on=${on} ${attributes} }`, text, more),
      sql: (text, more, attributes = '') =>
        runSqlFence(opened.executor, `sql { on=postgres ${attributes} }`, text, more),
    };
    for (const describe of cases) describe(suite);
  });
}
