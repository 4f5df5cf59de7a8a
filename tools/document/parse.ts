import { createHash } from 'node:crypto';
import MarkdownIt from 'markdown-it';
import type Token from 'markdown-it/lib/token.mjs';
import { type BlockDraft, finishBlocks, makeBlock } from './block.ts';
import { decode } from './decode.ts';
import type { BoundSentence, Document, Expectation, Section } from './document.ts';
import { parseBudget } from './duration.ts';
import { splitFrontMatter } from './front-matter.ts';
import { type Label, labelOf, plainText } from './label.ts';
import { type Place, type Problem, type Report, reporter } from './problem.ts';
import { slug } from './slug.ts';

const markdown = new MarkdownIt('commonmark', { html: true }).enable('table');

/** Reads a runbook's bytes. Never throws: what cannot be read is in `problems`, each at its place. */
export function parseDocument(path: string, bytes: Uint8Array): Document {
  const problems: Problem[] = [];
  const report = reporter(problems);
  const decoded = decode(bytes);
  if ('problem' in decoded) problems.push(decoded.problem);
  const { frontMatter, body } = splitFrontMatter('text' in decoded ? decoded.text : '', report);
  const walk = new Walk(body.split('\n'), report);
  walk.all(markdown.parse(body, {}));
  return {
    path,
    title: walk.title,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    frontMatter,
    sections: walk.sections,
    blocks: finishBlocks(walk.blocks, frontMatter, report),
    checks: walk.checks,
    problems,
  };
}

/** A label that waits for the list or fence that it speaks of. */
interface Pending extends Place {
  scope: Expectation['scope'];
  block: BlockDraft;
}

/** One pass over the tokens; its fields are what has been read so far. */
class Walk {
  title = '';
  sections: Section[] = [];
  blocks: BlockDraft[] = [];
  checks: Document['checks'] = [];
  #path: Section[] = [];
  #section: Section = { heading: '', level: 0, path: '', step: null, line: 1, column: 1 };
  #block: BlockDraft | null = null;
  #pending: Pending | null = null;
  #error: string | null = null;
  #cures: string | null = null;
  #budget: [number, number] | null = null;
  readonly #lines: string[];
  readonly #report: Report;

  constructor(lines: string[], report: Report) {
    this.#lines = lines;
    this.#report = report;
  }

  all(tokens: Token[]): void {
    for (let i = 0; i < tokens.length; i++) i = this.#one(tokens, i);
    this.#dropPending();
  }

  /** Takes the token at `i` and returns the index of the last one that it used. */
  #one(tokens: Token[], i: number): number {
    const token = tokens[i] as Token;
    if (token.type === 'heading_open') return this.#heading(token, tokens[i + 1] as Token, i);
    if (token.type === 'fence') this.#fence(token);
    if (token.type === 'paragraph_open') this.#paragraph(tokens[i + 1] as Token);
    if (token.type === 'bullet_list_open' || token.type === 'ordered_list_open') {
      const end = closing(tokens, i);
      if (!this.#pending) return i;
      this.#bind({ kind: 'sentences', sentences: this.#sentences(tokens.slice(i + 1, end)) });
      return end;
    }
    if (token.type === 'list_item_open') this.#task(tokens, i);
    return i;
  }

  #heading(open: Token, inline: Token, i: number): number {
    this.#dropPending();
    [this.#block, this.#error, this.#cures, this.#budget] = [null, null, null, null];
    const level = Number(open.tag.slice(1));
    const heading = plainText(inline.children ?? []).trim();
    if (level === 1 && this.title === '') this.title = heading;
    while ((this.#path.at(-1)?.level ?? 0) >= level) this.#path.pop();
    const parents = this.#path.filter((section) => section.level > 1).map((section) => slug(section.heading));
    const path = [...parents, slug(heading)].join('/');
    const step = level === 2 ? Number(/^Step (\d+):/.exec(heading)?.[1] ?? Number.NaN) : Number.NaN;
    const at = this.#at(open);
    const twin = level > 1 && this.sections.find((section) => section.path === path && section.level > 1);
    if (twin) {
      this.#report(
        'same-section',
        at,
        `line ${twin.line} has a section of this name`,
        'give it another heading',
      );
    }
    this.#section = { heading, level, path, step: Number.isNaN(step) ? null : step, ...at };
    this.sections.push(this.#section);
    this.#path.push(this.#section);
    return i + 2;
  }

  #fence(token: Token): void {
    const at = this.#at(token);
    const [first, end] = token.map as [number, number];
    const last = this.#lines[end - 1] ?? '';
    if (end - 1 === first || !/^[\s>]*(`{3,}|~{3,})\s*$/.test(last)) {
      this.#report(
        'unclosed-fence',
        at,
        'this fence is never closed',
        `close it with a line ${token.markup}`,
      );
    }
    const language = /^[^\s{]*/.exec(token.info.trim())?.[0] ?? '';
    if (this.#pending && (language === 'text' || language === '')) {
      const body = { line: first + 2, column: at.column };
      const lines = token.content === '' ? [] : token.content.replace(/\n$/, '').split('\n');
      this.#bind({ kind: 'output', lines, body });
      return;
    }
    const column = (this.#lines[first] ?? '').indexOf(token.markup) + token.markup.length + 1;
    const block = makeBlock(token, { line: first + 1, column }, at, this.#section, this.#report);
    if (!block) return;
    this.#dropPending();
    block.cures = this.#cures;
    block.budgetMs = this.#budget;
    [this.#cures, this.#budget] = [null, null];
    this.blocks.push(block);
    this.#block = block;
    const item = this.checks.at(-1);
    if (item && this.#insideTask(item, first)) item.blocks.push(block);
  }

  /** The line on which each open task item ends, so that a fence knows whether it stands inside. */
  #taskEnd = 0;
  #insideTask = (item: Document['checks'][number], line: number) =>
    line + 1 >= item.line && line < this.#taskEnd;

  #paragraph(inline: Token): void {
    const label = labelOf(inline);
    const at = this.#at(inline);
    if (label && 'slip' in label) {
      this.#report(
        'unknown-label',
        at,
        `“${label.slip}” is no label`,
        `did you mean **${capital(label.meant)}:**?`,
      );
      return;
    }
    if (label) this.#label(label, at);
  }

  #label(label: Label, at: Place): void {
    if (label.kind === 'error') this.#error = label.rest;
    if (label.kind === 'fix') this.#cures = this.#error;
    if (label.kind === 'estimate') this.#estimate(label.rest, at);
    if (label.kind !== 'expected' && label.kind !== 'example') return;
    this.#dropPending();
    const block = this.#block;
    if (!block) {
      this.#report('unbound', at, 'no block stands before this expectation', 'put it right after its block');
      return;
    }
    this.#pending = { ...at, block, scope: label.kind === 'example' ? 'example' : 'always' };
    if (label.rest === '') return;
    this.#bind({ kind: 'sentences', sentences: [{ text: label.rest, statement: 0, ...at }] });
  }

  /** A budget is that of the block before it, or, where none has come yet, of the next. */
  #estimate(text: string, at: Place): void {
    const budget = parseBudget(text);
    if (!budget) {
      this.#report(
        'estimate',
        at,
        `“${text}” is no span of time`,
        'write it like `1-5 minutes` or `10 seconds`',
      );
    } else if (this.#block) this.#block.budgetMs = budget;
    else this.#budget = budget;
  }

  #bind(
    found:
      | { kind: 'sentences'; sentences: BoundSentence[] }
      | { kind: 'output'; lines: string[]; body: Place },
  ) {
    const pending = this.#pending as Pending;
    this.#pending = null;
    const { line, column, scope, block } = pending;
    block.expectations.push({ line, column, scope, ...found });
  }

  #dropPending(): void {
    if (!this.#pending) return;
    const remedy = 'let a list of sentences or a `text` fence follow it';
    this.#report('unbound', this.#pending, 'nothing follows this label', remedy);
    this.#pending = null;
  }

  /** The items of a list; those of a list inside speak of the same statement as the item around them. */
  #sentences(tokens: Token[]): BoundSentence[] {
    const sentences: BoundSentence[] = [];
    let depth = 0;
    let statement = -1;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      if (token.type === 'list_item_open' && depth++ === 0) statement++;
      if (token.type === 'list_item_close') depth--;
      if (token.type !== 'inline') continue;
      const text = plainText(token.children ?? [])
        .replace(/^(✅|\[[ xX]\])\s*/u, '')
        .trim();
      sentences.push({ text, statement, ...this.#at(token) });
    }
    return sentences;
  }

  #task(tokens: Token[], i: number): void {
    const inline = tokens[i + 2];
    const text = inline?.type === 'inline' ? plainText(inline.children ?? []) : '';
    const asked = /^\[[ xX]\]\s+(.*)$/s.exec(text)?.[1];
    if (asked === undefined) return;
    this.#taskEnd = (tokens[i] as Token).map?.[1] ?? 0;
    this.checks.push({ section: this.#section, text: asked, blocks: [], ...this.#at(inline as Token) });
  }

  /** Where the token's text begins, behind list marks and indentation. */
  #at(token: Token): Place {
    const line = token.map?.[0] ?? 0;
    const text = this.#lines[line] ?? '';
    const marks = /^[\s>]*(([-*+]|\d+[.)])[ \t]+)*/.exec(text)?.[0] ?? '';
    return { line: line + 1, column: marks.length + 1 };
  }
}

function closing(tokens: Token[], i: number): number {
  const { level } = tokens[i] as Token;
  return tokens.findIndex((token, j) => j > i && token.level === level && token.nesting === -1);
}

const capital = (words: string) => words[0]?.toUpperCase() + words.slice(1);
