import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkDocument } from '../../tools/check/check.ts';
import { problemLines } from '../../tools/commands/page.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';

/** The runbook as it was handed over stands beside the project, and is no part of it. */
const HANDED_OVER = join(import.meta.dirname, '../../../shared/seed/handed-over-runbook.md');
const GOLDEN = join(import.meta.dirname, 'golden/handed-over.txt');

const missing = existsSync(HANDED_OVER) ? '' : ' (skipped: it does not stand beside the project)';

it.skipIf(missing)(`finds in the runbook that was handed over what its list says${missing}`, async () => {
  const document = parseDocument('handed-over-runbook.md', readFileSync(HANDED_OVER), HOST_KINDS);
  const lines = problemLines('handed-over-runbook.md', checkDocument(document));
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(GOLDEN);
});
