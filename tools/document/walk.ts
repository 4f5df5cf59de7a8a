import type Token from 'markdown-it/lib/token.mjs';
import { type BlockDraft, makeBlock } from './block.ts';
import { bullets } from './bullets.ts';
import type { BoundSentence, Document, Expectation, Section } from './document.ts';
import { parseBudget } from './duration.ts';
import { type Label, labelNamed, labelsOf, plainText, type Slip } from './label.ts';
import { languageOf, reportCell, reportHtml, reportIndented } from './lookalikes.ts';
import { Outline } from './outline.ts';
import { closing, isClosed, placeOfToken, startsAnew } from './place.ts';
import type { Place, Report } from './problem.ts';

/** A label that waits for the list or fence that it speaks of. */
interface Pending extends Place {
  scope: Expectation['scope'];
  block: BlockDraft;
}

type Before = 'block' | 'expectation' | null;

/** One pass over the tokens; its fields are what has been read so far. */
export class Walk {
  title = '';
  blocks: BlockDraft[] = [];
  checks: Document['checks'] = [];
  #outline = new Outline();
  /** What an expectation would be bound to. */
  #block: BlockDraft | null = null;
  #pending: Pending | null = null;
  /**
   * What ended directly before, at what level: a list or fence right after it is easily taken for a part of
   * it.
   */
  #before: { kind: 'block' | 'expectation'; level: number } | null = null;
  #error: string | null = null;
  #fix: (Place & { cures: string | null }) | null = null;
  #budget: (Place & { ms: [number, number] }) | null = null;
  /** The line on which the last task item ends, so that a fence knows whether it stands inside. */
  #taskEnd = 0;
  /** Of a table: its cells do not know where they stand. */
  #row: Token | null = null;
  readonly #lines: string[];
  readonly #report: Report;

  constructor(lines: string[], report: Report) {
    this.#lines = lines;
    this.#report = report;
  }

  get sections(): Section[] {
    return this.#outline.sections;
  }

  all(tokens: Token[]): void {
    for (let i = 0; i < tokens.length; i++) i = this.#one(tokens, i);
    this.#endSection();
  }

  /** Takes the token at `i` and returns the index of the last one that it used. */
  #one(tokens: Token[], i: number): number {
    const token = tokens[i] as Token;
    if (token.type === 'list_item_open') this.#task(tokens, i);
    if (token.type === 'tr_open') this.#row = token;
    if (!startsAnew(token)) return i;
    const before = this.#before?.level === token.level ? this.#before.kind : null;
    this.#before = null;
    if (token.type === 'heading_open') return this.#heading(token, tokens[i + 1] as Token, i);
    if (token.type === 'fence') this.#fence(token, before);
    else if (token.type === 'paragraph_open') this.#paragraph(tokens[i + 1] as Token, token.level);
    else if (token.type === 'html_block') reportHtml(token, this.#at(token), this.#report);
    else if (token.type.endsWith('_list_open')) return this.#list(tokens, i, before);
    else this.#other(token, tokens[i + 1]);
    return i;
  }

  #list(tokens: Token[], i: number, before: Before): number {
    const token = tokens[i] as Token;
    if (!this.#pending) {
      if (before === 'expectation') this.#unlabelled(token);
      return i;
    }
    const end = closing(tokens, i);
    const sentences = bullets(tokens.slice(i + 1, end), (one) => this.#at(one), this.#report);
    this.#bind({ kind: 'sentences', sentences }, token.level);
    return end;
  }

  /** A table, a rule, or code by indentation: no expectation can be that. */
  #other(token: Token, next: Token | undefined): void {
    this.#dropPending();
    if (token.type === 'code_block') reportIndented(this.#at(token), this.#report);
    if (next?.type === 'inline') reportCell(next, this.#at(this.#row ?? next), this.#report);
  }

  #unlabelled(token: Token): void {
    const remedy = 'put **Expected output:** before it, or a line that says what it is';
    this.#report(
      'unbound',
      this.#at(token),
      'this reads as an expectation, and nothing says that it is one',
      remedy,
    );
  }

  #heading(open: Token, inline: Token, i: number): number {
    this.#endSection();
    const level = Number(open.tag.slice(1));
    const heading = plainText(inline.children ?? []).trim();
    if (level === 1 && this.title === '') this.title = heading;
    const at = this.#at(open);
    this.#outline.enter(level, heading, at, this.#report);
    const label = labelNamed(heading);
    if (label) this.#slip({ slip: heading, why: 'is a heading', meant: label }, at);
    return i + 2;
  }

  #fence(token: Token, before: Before): void {
    const at = this.#at(token);
    const [first] = token.map as [number, number];
    if (!isClosed(token)) {
      const remedy = `close it with a line ${token.markup}`;
      this.#report('unclosed-fence', at, 'this fence is never closed', remedy);
    }
    const language = languageOf(token.info);
    if (this.#pending && (language === 'text' || language === '')) {
      const lines = token.content === '' ? [] : token.content.replace(/\n$/, '').split('\n');
      this.#bind({ kind: 'output', lines, body: { line: first + 2, column: at.column } }, token.level);
      return;
    }
    if (language === 'text' && before) this.#unlabelled(token);
    this.#dropPending();
    const column = (this.#lines[first] ?? '').indexOf(token.markup) + token.markup.length + 1;
    const block = makeBlock(token, { line: first + 1, column }, at, this.#outline.now, this.#report);
    if (block) this.#take(block, first, token.level);
    else if (language !== 'text') this.#block = null;
  }

  #take(block: BlockDraft, first: number, level: number): void {
    block.cures = this.#fix?.cures ?? null;
    block.budgetMs = this.#budget?.ms ?? null;
    [this.#fix, this.#budget] = [null, null];
    this.blocks.push(block);
    this.#block = block;
    this.#before = { kind: 'block', level };
    const item = this.checks.at(-1);
    if (item && first + 1 >= item.line && first < this.#taskEnd) item.blocks.push(block);
  }

  #paragraph(inline: Token, level: number): void {
    this.#dropPending();
    const { line } = this.#at(inline);
    for (const label of labelsOf(inline)) {
      const { column } = placeOfToken(this.#lines, { map: [line - 1 + label.below, 0] } as Token);
      const at = { line: line + label.below, column };
      if ('slip' in label) this.#slip(label, at);
      else this.#label(label, at, level);
    }
  }

  #slip({ slip, why, meant }: Omit<Slip, 'below'>, at: Place): void {
    const remedy = `begin a line with **${capital(meant)}:** if that is meant`;
    this.#report('unknown-label', at, `“${slip}” ${why}`, remedy);
  }

  #label(label: Label, at: Place, level: number): void {
    if (label.kind === 'error') this.#error = label.rest;
    if (label.kind === 'fix') this.#fix = { ...at, cures: this.#error };
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
    this.#bind({ kind: 'sentences', sentences: [{ text: label.rest, statement: 0, ...at }] }, level);
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
    else this.#budget = { ...at, ms: budget };
  }

  #bind(
    found:
      | { kind: 'sentences'; sentences: BoundSentence[] }
      | { kind: 'output'; lines: string[]; body: Place },
    level: number,
  ) {
    const pending = this.#pending as Pending;
    this.#pending = null;
    const { line, column, scope, block } = pending;
    block.expectations.push({ line, column, scope, ...found });
    this.#before = { kind: 'expectation', level };
  }

  #dropPending(): void {
    if (!this.#pending) return;
    const remedy = 'let a list of sentences or a `text` fence follow it';
    this.#report('unbound', this.#pending, 'nothing follows this label', remedy);
    this.#pending = null;
  }

  /** What a section leaves open at its end binds nothing in the next. */
  #endSection(): void {
    this.#dropPending();
    const remedy = 'put one after it, in an `sh` or `sql` fence';
    if (this.#fix) this.#report('unbound', this.#fix, 'no block follows this **Fix:**', remedy);
    if (this.#budget) this.#report('unbound', this.#budget, 'no block is here to take this time', remedy);
    [this.#block, this.#error, this.#fix, this.#budget] = [null, null, null, null];
  }

  #task(tokens: Token[], i: number): void {
    const inline = tokens[i + 2];
    const text = inline?.type === 'inline' ? plainText(inline.children ?? []) : '';
    const asked = /^\[[ xX]\]\s+(.*)$/s.exec(text)?.[1];
    if (asked === undefined) {
      if (inline && /^\[\s*[xX]?\s*\]/.test(text)) {
        const message = 'this is no checklist item, so nobody is asked';
        this.#report('checklist', this.#at(inline), message, 'write `- [ ] ` before its text');
      }
      return;
    }
    this.#block = null;
    this.#taskEnd = (tokens[i] as Token).map?.[1] ?? 0;
    this.checks.push({ section: this.#outline.now, text: asked, blocks: [], ...this.#at(inline as Token) });
  }

  #at = (token: Token): Place => placeOfToken(this.#lines, token);
}

const capital = (words: string) => words[0]?.toUpperCase() + words.slice(1);
