import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../support/requires.ts';
import { runShellFence, runSqlFence } from './blocks.ts';
import { KINDS, type Opened } from './hosts.ts';
import type { Suite } from './suite.ts';

/** Describes these cases of every kind of host, each with a stack behind it. */
export function contract(...cases: ((suite: Suite) => void)[]): void {
  for (const kind of KINDS) {
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
}
