import { createHash } from 'node:crypto';
import { compileFence } from '../expect/fence.ts';
import { type Attributes, DEFAULT_TIMEOUT_MS } from './attributes.ts';
import type { Block, BlockBase, Expectation, Section, ShellBlock, SqlBlock } from './document.ts';
import { EFFECTS, type Effect } from './effect.ts';
import type { FrontMatter } from './front-matter.ts';
import { parseInfoString } from './info-string.ts';
import { fenceProblem, LANGUAGES } from './lookalikes.ts';
import type { PartOf } from './part.ts';
import { reportProbes } from './probes.ts';
import type { Report } from './problem.ts';
import { problems } from './problems.ts';
import { type Statement, splitStatements } from './statements.ts';

/** An executable fence with what the page binds to it, before its name and place are settled. */
export interface BlockDraft {
  fence: PartOf<'fence'>;
  section: Section;
  attributes: Attributes;
  expectations: Expectation[];
  budgetMs: [number, number] | null;
  cures: string | null;
}

/** The draft of the block that a fence is, or null where it is none. */
export function draftBlock(fence: PartOf<'fence'>, section: Section, report: Report): BlockDraft | null {
  if (!LANGUAGES.includes(fence.language)) {
    const problem = fenceProblem(fence);
    if (problem) report(problem);
    return null;
  }
  const attributes = parseInfoString(fence.info, fence.infoPlace, report);
  if (attributes.ignore) return null;
  return { fence, section, attributes, expectations: [], budgetMs: null, cures: null };
}

/** Makes the drafts blocks, each with a name and a place to run, and reports what does not fit together. */
export function makeBlocks(drafts: BlockDraft[], frontMatter: FrontMatter, report: Report): Block[] {
  const names = new Names(drafts);
  const blocks = drafts.map((draft) => makeBlock(draft, names.of(draft, report), frontMatter, report));
  reportProbes(blocks, report);
  return blocks;
}

function makeBlock(draft: BlockDraft, name: string, frontMatter: FrontMatter, report: Report): Block {
  const { language } = draft.fence;
  const block =
    language === 'sql'
      ? sqlBlock(draft, name, frontMatter, report)
      : shellBlock(draft, name, language as ShellBlock['language'], report);
  return Object.assign(block, { key: keyOf(block) });
}

function shellBlock(
  draft: BlockDraft,
  name: string,
  language: ShellBlock['language'],
  report: Report,
): Omit<ShellBlock, 'key'> {
  const { fence, attributes, expectations } = draft;
  if (!hasCode(fence.text, SHELL_COMMENTS)) report(problems.emptyBlock(fence));
  return Object.assign(blockBase(draft, name), {
    language,
    on: attributes.on ?? 'local',
    effect: attributes.effect ?? 'writes',
    expectations: expectations.map(ofWholeBlock),
  });
}

function sqlBlock(
  draft: BlockDraft,
  name: string,
  frontMatter: FrontMatter,
  report: Report,
): Omit<SqlBlock, 'key'> {
  const { fence, attributes, expectations } = draft;
  if (!hasCode(fence.text, SQL_COMMENTS)) report(problems.emptyBlock(fence));
  const statements = splitStatements(fence.text, fence.body, report);
  reportWriter(attributes, statements, report);
  const ofStatements = spokenOf(expectations, statements);
  for (const expectation of ofStatements) reportTooMany(expectation, statements, report);
  return Object.assign(blockBase(draft, name), {
    language: 'sql' as const,
    on: attributes.on ?? frontMatter.database?.service ?? 'postgres',
    effect: attributes.effect ?? strongest(statements),
    statements,
    expectations: ofStatements,
  });
}

/** What a block has from its attributes and its place, whatever its language. */
function blockBase(
  { fence, section, attributes, budgetMs, cures }: BlockDraft,
  name: string,
): Omit<BlockBase, 'on' | 'effect' | 'key' | 'expectations'> {
  const { line, column, text, body } = fence;
  return {
    line,
    column,
    name,
    section,
    timeoutMs: attributes.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    retryMs: attributes.retryMs ?? 0,
    done: attributes.done ?? null,
    cwd: attributes.cwd ?? null,
    interactive: attributes.interactive ?? false,
    background: attributes.background ?? false,
    excludeFromRunAll: attributes.excludeFromRunAll ?? false,
    tags: attributes.tags ?? [],
    text,
    body,
    budgetMs,
    cures,
  };
}

/** Of what a block does, and of nothing else: neither its name nor its place nor what is expected of it. */
function keyOf({ language, on, cwd, effect, interactive, background, text }: Keyless): string {
  const does = JSON.stringify([language, on, cwd, effect, interactive, background, text]);
  return createHash('sha256').update(does).digest('hex');
}

type Keyless = Omit<ShellBlock, 'key'> | Omit<SqlBlock, 'key'>;

const SQL_COMMENTS = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const SHELL_COMMENTS = /^[ \t]*#[^\n]*/gm;

/** Whether anything but comments and blanks stands in it. */
const hasCode = (text: string, comments: RegExp) => text.replaceAll(comments, '').trim() !== '';

const strongest = (statements: Statement[]): Effect =>
  EFFECTS.findLast((effect) => statements.some((statement) => statement.effect === effect)) ?? 'reads';

function reportWriter(attributes: Attributes, statements: Statement[], report: Report): void {
  const writer = statements.find(({ effect }) => effect !== 'reads');
  if (attributes.effect === 'reads' && writer) report(problems.effect(writer));
}

/** A shell's sentences speak of the whole block. */
const ofWholeBlock = (expectation: Expectation): Expectation =>
  expectation.kind === 'sentences'
    ? { ...expectation, sentences: expectation.sentences.map((one) => ({ ...one, statement: null })) }
    : expectation;

/**
 * In SQL, the n-th table or `json` fence speaks of the n-th statement that returns rows; and psql's blanks at a line's
 * end, which nobody sees, are none of what is expected.
 */
function spokenOf(expectations: Expectation[], statements: Statement[]): Expectation[] {
  const returning = statements.flatMap(({ returns }, index) => (returns ? [index] : []));
  return expectations.map((expectation) => {
    if (expectation.kind === 'output') {
      const lines = expectation.lines.map((line) => line.trimEnd());
      const isSame = lines.every((line, i) => line === expectation.lines[i]);
      return isSame ? expectation : { ...expectation, compiled: compileFence(lines) };
    }
    const sentences = expectation.sentences.map((one) =>
      one.shown ? { ...one, statement: returning.shift() ?? statements.length } : one,
    );
    return { ...expectation, sentences };
  });
}

/** In SQL, the n-th bullet speaks of the n-th statement; where the SQL cannot be read, that alone is reported. */
function reportTooMany(expectation: Expectation, { length }: Statement[], report: Report): void {
  if (expectation.kind !== 'sentences' || length === 0) return;
  for (const sentence of expectation.sentences) {
    if ((sentence.statement ?? 0) < length) continue;
    report(problems.tooManyBullets(sentence, `${length} statement${length > 1 ? 's' : ''}`));
  }
}

/** Every block's name: the one that it is given, or its section's with the next free number. */
class Names {
  readonly #lines = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  constructor(drafts: BlockDraft[]) {
    for (const { attributes, fence } of drafts) {
      if (attributes.name && !this.#lines.has(attributes.name)) this.#lines.set(attributes.name, fence.line);
    }
  }

  of({ attributes: { name }, fence, section }: BlockDraft, report: Report): string {
    if (!name) return this.#free(section.path.split('/').at(-1) || 'block');
    const first = this.#lines.get(name);
    if (first !== fence.line) report(problems.sameName(fence, String(first), name));
    return name;
  }

  #free(stem: string): string {
    for (;;) {
      const n = (this.#counts.get(stem) ?? 0) + 1;
      this.#counts.set(stem, n);
      if (!this.#lines.has(`${stem}-${n}`)) return `${stem}-${n}`;
    }
  }
}
