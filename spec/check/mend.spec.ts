import { expect, it } from 'vitest';
import { checkDocument } from '../../tools/check/check.ts';
import { mend } from '../../tools/check/mend.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { applyEdits } from '../../tools/text/edit.ts';

/** A page mended, and how often it was looked at. */
function mended(source: string): { text: string; left: string[]; looks: number } {
  let looks = 0;
  const look = (text: string) => {
    looks++;
    return checkDocument(parseDocument('runbook.md', Buffer.from(text), HOST_KINDS));
  };
  const text = applyEdits(source, mend(source, look));
  return { text, left: look(text).map(({ rule }) => rule), looks: looks - 1 };
}

const block = (i: number, info: string) =>
  ['```sh { name=b', `${i}${info} }`, '\ncurl http://shop/health\n```\n\n'].join('');

it('a page of thousands of problems is looked at twice', () => {
  const page = (info: string) =>
    `# Shop\n\n${Array.from({ length: 2000 }, (_, i) => block(i, info)).join('')}`;
  const { text, left, looks } = mended(page(' timeut=5m'));
  expect(text).toBe(page(' timeout=5m').replaceAll('curl', 'curl --fail'));
  expect([left, looks]).toEqual([[], 2]);
});

it('what a remedy brings to light is mended, too, and shown as one change of the page as it was', () => {
  const source = '# Shop\n\n<div>\n```sh { timeut=5m }\ncurl http://shop/\n```\n';
  const { text, left } = mended(source);
  expect(text).toBe('# Shop\n\n<div>\n\n```sh { timeout=5m }\ncurl --fail http://shop/\n```\n');
  expect(left).toEqual([]);
});

it('a remedy that mends nothing is left out, and those beside it are not', () => {
  const fixable = '- [] One\n';
  const look = (text: string) =>
    text.split('\n').flatMap((line, i) =>
      // Of these, the second is a problem whatever is done about it.
      /^- \[\]/.test(line) || /Two/.test(line)
        ? [{ rule: 'checklist', message: '', remedy: '', line: i + 1, column: 3 }]
        : [],
    );
  const source = `${fixable}- [] Two\n${fixable}`;
  expect(applyEdits(source, mend(source, look))).toBe('- [ ] One\n- [] Two\n- [ ] One\n');
});
