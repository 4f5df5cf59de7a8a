import { expect, it } from 'vitest';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { waysBack } from '../../tools/plan/ways-back.ts';
import { runbook } from '../support/blocks.ts';

it('the runbook’s option B lacks the backup that no run has left', () => {
  expect(waysBack(runbook, {})).toEqual([
    { procedure: 'rollback-procedure/option-a', destroys: ['downgrade'], lacks: [] },
    { procedure: 'rollback-procedure/option-b', destroys: ['swap', 'drop-old'], lacks: ['BACKUP'] },
  ]);
  expect(waysBack(runbook, { BACKUP: 'backups/x.dump' })[1]?.lacks).toEqual([]);
});

const PAGE = `---
rollback: [back]
---

# Shop

## Step 1: Write

\`\`\`sh { name=one on=nas }
export FIRST=1 SECOND
THIRD=3; export THIRD FOURTH
echo "have 5"
\`\`\`

**Expected output:**

\`\`\`text
have <count>
\`\`\`

## Back

\`\`\`sh { name=back on=nas }
export SECOND=2
own=1
echo "$FIRST \${SECOND} \${THIRD:?none} \${FOURTH:-4} $count $own $1"
\`\`\`
`;

it('what a way back lacks is what it uses, another block leaves, and nobody knows', () => {
  const document = parseDocument('runbook.md', Buffer.from(PAGE), HOST_KINDS);
  expect(waysBack(document, { count: '5' })).toEqual([
    { procedure: 'back', destroys: [], lacks: ['FIRST', 'THIRD'] },
  ]);
});
