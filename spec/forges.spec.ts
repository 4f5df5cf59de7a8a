import { readFileSync } from 'node:fs';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { markdown } from '../tools/document/markdown.ts';
import { parseDocument } from '../tools/document/parse.ts';
import type { PartOf } from '../tools/document/part.ts';
import { partsOf } from '../tools/document/parts.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';

// A forge shows the page by another implementation of Markdown than the one that this tool reads it with. micromark is
// such a one: CommonMark to the letter, with GitHub's extensions.

const text = readFileSync('runbook.md', 'utf8');
const document = parseDocument('runbook.md', Buffer.from(text), HOST_KINDS);
const [frontMatter = ''] = /^---\n[\s\S]*?\n---\n/.exec(text) ?? [];
const body = text.slice(frontMatter.length);
const parts = partsOf(markdown.parse(body, {}), body.split('\n'));
const ofKind = <Kind extends 'fence' | 'table'>(kind: Kind) =>
  parts.filter((part): part is PartOf<Kind> => part.kind === kind);

const shown = (page: string) => micromark(page, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
const html = shown(body);

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
const plain = (markup: string) =>
  markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(lt|gt|quot|amp);/g, (_, name: string) => ENTITIES[name] ?? '');

const PRE = /<pre><code(?: class="language-([^"]*)")?>([\s\S]*?)<\/code><\/pre>/g;
const codeOf = (page: string) =>
  [...page.matchAll(PRE)].map(([, language = '', code = '']) => ({ language, text: plain(code) }));
const prose = plain(html.replaceAll(PRE, ''));

describe('runbook.md as a forge shows it', () => {
  it('each fence is one block of code, of the same language and the same bytes', () => {
    expect(codeOf(html)).toEqual(ofKind('fence').map(({ language, text }) => ({ language, text })));
  });

  it('each block that runs is among them, once', () => {
    const running = codeOf(html).filter(({ language }) => /^(sh|bash|sql)$/.test(language));
    expect(running).toEqual(document.blocks.map(({ language, text }) => ({ language, text })));
  });

  it('nothing of an info string but the language is shown', () => {
    const attributes = ofKind('fence').flatMap(({ info }) => /\{.*\}/.exec(info) ?? []);
    expect(attributes).toHaveLength(document.blocks.length);
    for (const one of attributes) expect(plain(html)).not.toContain(one);
    expect(prose).not.toMatch(/\bname=|```/);
  });

  it('the front matter is all that a viewer shows which knows none, and the page behind it is the same', () => {
    const whole = shown(text);
    expect(whole.endsWith(html)).toBe(true);
    const words = (page: string) => page.split(/\W+/).filter((word) => word !== '');
    const leaked = words(plain(whole.slice(0, -html.length)));
    expect(words(frontMatter)).toEqual(expect.arrayContaining(leaked));
  });

  it('each item of a checklist is one with a box, and its blocks stand in it', () => {
    const found = document.checks.map(() => ({ blocks: 0 }));
    let item = -1;
    let depth = 0;
    for (const [tag] of html.matchAll(
      /<li>|<\/li>|<input[^>]*>|<pre><code class="language-(?:sh|bash|sql)">/g,
    )) {
      if (tag === '<li>') depth += 1;
      else if (tag === '</li>') depth -= 1;
      else if (tag.startsWith('<input')) item += 1;
      else if (depth > 0) (found[item] as { blocks: number }).blocks += 1;
    }
    expect(found).toEqual(document.checks.map(({ blocks }) => ({ blocks: blocks.length })));
    expect(item).toBe(document.checks.length - 1);
    const words = prose.replaceAll(/\s+/g, ' ');
    for (const { text } of document.checks) expect(words).toContain(text.replaceAll(/[`*]/g, ''));
  });

  it('each table is one, with the same cells', () => {
    const tables = [...html.matchAll(/<table>[\s\S]*?<\/table>/g)].map(([table]) =>
      [...table.matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(([row]) =>
        [...row.matchAll(/<t[hd]>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => plain(cell)),
      ),
    );
    expect(tables).toEqual(ofKind('table').map(({ rows }) => rows));
    expect(tables).not.toEqual([]);
  });
});
