import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkDocument, unjudgedIn } from '../../tools/check/check.ts';
import type { Document } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';

const bytes = readFileSync('fixtures/runbooks/claims/runbook.md');
const page = parseDocument('runbook.md', bytes, HOST_KINDS);
const lines = bytes.toString().split('\n');

/** The places of the page in which something is claimed, each by its number, and the line that it stands on. */
const places = lines.flatMap((text, i) => {
  const number = /\bc\d{2,3}\b/.exec(text)?.[0];
  // What a fence shows stands on the line below the one that says what the fence is.
  return number ? [{ number, line: lines[i - 1]?.startsWith('```') ? i : i + 1 }] : [];
});

const boundLines = ({ blocks }: Document): number[] =>
  blocks
    .flatMap(({ expectations }) => expectations)
    .flatMap((one) =>
      one.kind === 'sentences' ? one.sentences.map(({ line }) => line) : [one.body.line - 1],
    );

describe('what reads as an expectation', () => {
  const bound = boundLines(page);
  const reported = [
    ...checkDocument(page),
    ...unjudgedIn(page).filter(({ rule }) => rule !== 'no-expectation'),
  ];

  it('stands in 87 places of the page, or more', () => {
    expect(new Set(places.map(({ number }) => number)).size).toBeGreaterThanOrEqual(87);
  });

  it.each(places)('is either bound or reported: $number', ({ line }) => {
    const times = reported.filter((problem) => problem.line === line).length;
    expect([bound.includes(line), times > 0]).toContain(true);
    expect(bound.includes(line) && times > 0).toBe(false);
  });

  it('is not what leads to a block, nor what a page tells of itself', () => {
    const text = `# Shop

The script prints the same report:

\`\`\`sh { on=local }
echo hello
\`\`\`

**Expected output:** prints "hello"

**Status:** draft. The first draft looked for names, and this shows where they are.

| size | takes |
| --- | --- |
| small | 15 seconds |
`;
    expect(parseDocument('runbook.md', Buffer.from(text), HOST_KINDS).claims).toEqual([]);
  });
});
