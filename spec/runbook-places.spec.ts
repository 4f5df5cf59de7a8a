import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Block } from '../tools/document/document.ts';
import { splitFrontMatter } from '../tools/document/front-matter.ts';
import { markdown } from '../tools/document/markdown.ts';
import { parseDocument } from '../tools/document/parse.ts';
import { partsOf } from '../tools/document/parts.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';

const text = readFileSync('runbook.md', 'utf8');

/** How runbook.md says in words where a block runs: many viewers show neither `on=nas` nor `sql`. */
const PLACES = ['on the NAS', 'from here', 'in the database'];

function placeOf({ language, on }: Block): string | undefined {
  if (language === 'sql') return 'in the database';
  return { nas: 'on the NAS', local: 'from here' }[on];
}

/** The name of each block of a page, where it runs, and the places that the paragraph right before its fence names. */
function placesIn(page: string): { name: string; runs: string | undefined; named: string[] }[] {
  const { blocks } = parseDocument('runbook.md', Buffer.from(page), HOST_KINDS);
  const { body } = splitFrontMatter(page, HOST_KINDS, () => undefined);
  // A label stands behind the paragraph that it is part of.
  const parts = partsOf(markdown.parse(body, {}), body.split('\n')).filter(({ kind }) => kind !== 'label');
  return blocks.map((block) => {
    const fence = parts.findIndex(({ kind, line }) => kind === 'fence' && line === block.line);
    const before = parts[fence - 1];
    const isLeadIn = before?.kind === 'text' && before.level === parts[fence]?.level;
    const words = isLeadIn ? before.text.toLowerCase() : '';
    const named = PLACES.filter((place) => words.includes(place.toLowerCase()));
    return { name: block.name, runs: placeOf(block), named };
  });
}

const blocks = placesIn(text);

describe('the words right before a block of runbook.md name the place where it runs, and no other', () => {
  it.each(blocks)('$name: $runs', ({ runs, named }) => {
    expect(named).toEqual([runs]);
  });

  it('the page says at its top what these words mean', () => {
    const top = text.slice(0, text.indexOf('\n## ')).replaceAll(/\s+/g, ' ');
    for (const words of ['*on the NAS* (`on=nas`)', '*from here* (`on=local`)', '*in the database* (`sql`)'])
      expect(top).toContain(words);
  });

  it('a block without such words is found, be it the only one', () => {
    for (const { name } of blocks) {
      const lines = text.split('\n');
      const fence = lines.findIndex((line) => line.includes(` name=${name} `));
      // Whatever stands before the fence is a paragraph of other words now.
      lines.splice(fence, 0, `${' '.repeat((lines[fence] as string).search(/\S/))}Then:`, '');
      const without = placesIn(lines.join('\n')).filter(({ runs, named }) => String(named) !== runs);
      expect(without.map((block) => block.name)).toEqual([name]);
    }
  });

  it('a heading, a block or an expectation before it are no words', () => {
    const block = (name: string) => [`\`\`\`sql { name=${name} }`, 'SELECT 1 AS n;', '```', ''];
    const page = [
      ...['# Shop', '', '## Step 1: In the database', '', ...block('one'), ...block('two')],
      ...['**Expected output:**', '- n is "in the database"', '', ...block('three')],
    ];
    expect(placesIn(page.join('\n')).map(({ named }) => named)).toEqual([[], [], []]);
  });
});
