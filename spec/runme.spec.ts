import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDocument } from '../tools/document/parse.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';

// Runme's own parser is written in Go, and no package of npm has it: `runme` there downloads the program when it is
// first called. So this holds the page to what Runme documents of its syntax, and not to Runme itself.

const text = readFileSync('runbook.md', 'utf8');
const documentOf = (page: string) => parseDocument('runbook.md', Buffer.from(page), HOST_KINDS);
const document = documentOf(text);

/** What Runme documents of a cell: a language, then in braces `key=value`, separated by single spaces. */
const CELL = /^( *)```(\w+) \{ (.+) \}$/;

/** The keys that Runme has for a cell, among those that this tool has, too: they mean the same to both. */
const SHARED = ['name', 'cwd', 'interactive', 'background', 'excludeFromRunAll', 'ignore', 'tag'];

/** Those that Runme has for itself, and that say nothing to this tool. */
const RUNME_ONLY = ['id', 'category', 'closeTerminalOnSuccess', 'mimeType', 'promptEnv', 'terminalRows'];

interface Cell {
  line: number;
  language: string;
  attributes: [key: string, value: string][];
  text: string;
}

/** The cells of a page, read by that form alone, without anything of this tool's parser. */
function cellsOf(page: string): Cell[] {
  const lines = page.split('\n');
  return lines.flatMap((line, i) => {
    const [, indent = '', language = '', inner] = CELL.exec(line) ?? [];
    if (inner === undefined) return [];
    const end = lines.indexOf(`${indent}\`\`\``, i);
    if (end < 0) throw new Error(`the fence of line ${i + 1} is never closed`);
    const body = lines.slice(i + 1, end).map((one) => one.slice(indent.length));
    const attributes = inner.split(' ').map((pair) => pair.split('=') as [string, string]);
    return [{ line: i + 1, language, attributes, text: `${body.join('\n')}\n` }];
  });
}

const cells = cellsOf(text);
const namesOf = (key: string) =>
  cells.map(({ attributes }) => attributes.find(([one]) => one === key)?.[1] ?? null);

describe('runbook.md is written as Runme documents it', () => {
  it('each block is a cell of the same name, language and text, and there are no other cells', () => {
    expect(cells.map(({ line, language, text }) => ({ line, language, text }))).toEqual(
      document.blocks.map(({ line, language, text }) => ({ line, language, text })),
    );
    expect(namesOf('name')).toEqual(document.blocks.map(({ name }) => name));
    expect(namesOf('excludeFromRunAll').map((value) => value === 'true')).toEqual(
      document.blocks.map(({ excludeFromRunAll }) => excludeFromRunAll),
    );
  });

  it('names have no blanks and are given once: `runme run NAME` finds one cell', () => {
    const names = namesOf('name');
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(new Set(names).size).toBe(names.length);
  });

  it('an attribute is a key and a bare value, each key once, so that there is one way to read it', () => {
    for (const { attributes } of cells) {
      for (const pair of attributes) expect(pair).toEqual([expect.any(String), expect.any(String)]);
      for (const [key, value] of attributes) expect(`${key}=${value}`).toMatch(/^[A-Za-z]+=[\w.,-]+$/);
      expect(new Set(attributes.map(([key]) => key)).size).toBe(attributes.length);
    }
  });

  it('no attribute is one that only Runme has: a cell has no id until Runme gives it one', () => {
    const keys = new Set(cells.flatMap(({ attributes }) => attributes.map(([key]) => key)));
    for (const key of RUNME_ONLY) expect(keys).not.toContain(key);
  });

  it('the front matter is YAML between the first line and the next `---`, without keys of Runme’s', () => {
    const [, yaml] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? [];
    const keys = Object.keys(parse(yaml ?? '') as object);
    expect(keys).toContain('hosts');
    for (const key of ['runme', 'cwd', 'shell', 'skipPrompts', 'tag', 'category', 'terminalRows'])
      expect(keys).not.toContain(key);
  });
});

describe('what Runme writes, this tool reads', () => {
  /**
   * As in the CONTRIBUTING.md that the package `runme` 3.15.0 has, which Runme has written:
   * `sh {"id":"01HF7GMQ6NTPMHCVN4BM9FMCGW","name":"install"}`, with the keys in order.
   */
  const asRunmeWrites = cells.reduce((lines, { line, language, attributes }, i) => {
    const id = `01HF7GMQ6NTPMHCVN4BM9F${String(i).padStart(4, '0')}`;
    const sorted = [...attributes, ['id', id] as const].sort(([a], [b]) => (a < b ? -1 : 1));
    const indent = /^ */.exec(lines[line - 1] as string)?.[0];
    lines[line - 1] = `${indent}\`\`\`${language} ${JSON.stringify(Object.fromEntries(sorted))}`;
    return lines;
  }, text.split('\n'));

  it('a page whose attributes it has written as JSON, with an id, has the same blocks', () => {
    const written = documentOf(asRunmeWrites.join('\n'));
    expect(asRunmeWrites.join('\n')).toContain('```sh {"id":"');
    expect(written.problems).toEqual([]);
    // Compiled expectations hold functions, which are equal to nothing.
    expect(JSON.stringify(written.blocks)).toBe(JSON.stringify(document.blocks));
  });

  it('a page into whose front matter it has written is the same page', () => {
    const written = documentOf(
      text.replace(/^---\n/, '---\nrunme:\n  id: 01HF7GMQ6NTPMHCVN4BM9FMCGW\n  version: v3\n'),
    );
    expect(written.problems).toEqual([]);
    const { rollbackPlace } = document.frontMatter;
    const moved = { ...rollbackPlace, line: rollbackPlace.line + 3 };
    expect(written.frontMatter).toEqual({ ...document.frontMatter, rollbackPlace: moved });
    expect(written.blocks.map(({ name, key }) => [name, key])).toEqual(
      document.blocks.map(({ name, key }) => [name, key]),
    );
  });

  it.each(SHARED)('%s is an attribute here, too', (key) => {
    const value = { name: 'one', cwd: '/tmp', tag: 'nightly' }[key] ?? 'false';
    expect(documentOf(`# Shop\n\n\`\`\`sh { ${key}=${value} }\ntrue\n\`\`\`\n`).problems).toEqual([]);
  });

  it.each(RUNME_ONLY)('%s is let be', (key) => {
    expect(documentOf(`# Shop\n\n\`\`\`sh {"${key}":"1","name":"one"}\ntrue\n\`\`\`\n`).problems).toEqual([]);
  });
});
