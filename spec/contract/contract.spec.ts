import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../support/requires.ts';
import { beyondCases } from './beyond.ts';
import { runShellFence, runSqlFence } from './blocks.ts';
import { composeCases } from './compose.ts';
import { databaseCases } from './database.ts';
import { effectCases } from './effects.ts';
import { endingCases } from './ending.ts';
import { goneCases } from './gone.ts';
import { KINDS, type Opened } from './hosts.ts';
import { lateCases } from './late.ts';
import { placeCases } from './places.ts';
import type { Suite } from './suite.ts';

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
    placeCases(suite);
    composeCases(suite);
    databaseCases(suite);
    endingCases(suite);
    beyondCases(suite);
    goneCases(suite);
    lateCases(suite);
    effectCases(suite);
  });
}
