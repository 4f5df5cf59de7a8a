import type Token from 'markdown-it/lib/token.mjs';
import type { Block, Language, Section } from './document.ts';
import { EFFECTS, type Effect } from './effect.ts';
import type { FrontMatter } from './front-matter.ts';
import { type Attributes, parseInfoString } from './info-string.ts';
import { LANGUAGES, languageOf, reportFence } from './lookalikes.ts';
import type { Place, Report } from './problem.ts';
import { splitStatements } from './statements.ts';

const DEFAULT_TIMEOUT_MS = 10 * 60_000;

/** A block before its name, place and effect are settled, which takes the whole document. */
export interface BlockDraft extends Block {
  attributes: Attributes;
}

/** The block that a fence is, or null where it is none. `info` is where its info string begins. */
export function makeBlock(
  token: Token,
  info: Place,
  at: Place,
  section: Section,
  report: Report,
): BlockDraft | null {
  const word = languageOf(token.info);
  if (!LANGUAGES.includes(word)) {
    reportFence(token, info, report);
    return null;
  }
  const { attributes } = parseInfoString(token.info, info, report);
  if (attributes.ignore) return null;
  const body = { line: at.line + 1, column: at.column };
  if (!hasCode(token.content, word)) report('empty', at, 'this block does nothing', 'give it a command');
  const statements = word === 'sql' ? splitStatements(token.content, body, report) : [];
  return {
    ...at,
    attributes,
    name: attributes.name ?? '',
    section,
    language: word as Language,
    on: attributes.on ?? '',
    effect:
      attributes.effect ?? (word === 'sql' ? strongest(statements.map(({ effect }) => effect)) : 'writes'),
    timeoutMs: attributes.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    retryMs: attributes.retryMs ?? 0,
    cwd: attributes.cwd ?? null,
    interactive: attributes.interactive ?? false,
    background: attributes.background ?? false,
    excludeFromRunAll: attributes.excludeFromRunAll ?? false,
    tags: attributes.tags ?? [],
    text: token.content,
    body,
    statements,
    expectations: [],
    budgetMs: null,
    cures: null,
  };
}

const COMMENTS = { sql: /--[^\n]*|\/\*[\s\S]*?\*\//g, shell: /^\s*#[^\n]*/gm };

/** Whether anything but comments and blanks stands in it. */
const hasCode = (text: string, language: string) =>
  text.replaceAll(COMMENTS[language === 'sql' ? 'sql' : 'shell'], '').trim() !== '';

const strongest = (effects: Effect[]): Effect =>
  effects.reduce<Effect>((most, one) => (EFFECTS.indexOf(one) > EFFECTS.indexOf(most) ? one : most), 'reads');

/** Gives each block a name and a place to run, and reports what does not fit together. */
export function finishBlocks(drafts: BlockDraft[], frontMatter: FrontMatter, report: Report): Block[] {
  const taken = new Map<string, number>();
  for (const { name, line } of drafts) if (name && !taken.has(name)) taken.set(name, line);
  const counts = new Map<string, number>();
  return drafts.map(({ attributes, ...block }) => {
    checkAgainstStatements(attributes, block, report);
    const first = taken.get(block.name);
    if (block.name && first !== block.line) {
      report(
        'same-name',
        block,
        `line ${first} has a block named \`${block.name}\``,
        'give each its own name',
      );
    }
    const stem = block.section.path.split('/').at(-1) || 'block';
    const name = block.name || freeName(stem, taken, counts);
    const on =
      block.on || (block.language === 'sql' ? (frontMatter.database?.service ?? 'postgres') : 'local');
    return { ...block, name, on };
  });
}

function freeName(stem: string, taken: Map<string, number>, counts: Map<string, number>): string {
  for (;;) {
    const n = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, n);
    if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`;
  }
}

function checkAgainstStatements(attributes: Attributes, block: Block, report: Report): void {
  const writer = block.statements.find(({ effect }) => effect !== 'reads');
  if (attributes.effect === 'reads' && writer) {
    const remedy =
      'a block that reads runs in a read-only transaction: write effect=writes or effect=destroys';
    report('effect', writer, `this statement does more than read`, remedy);
  }
  for (const expectation of block.expectations) {
    if (expectation.kind !== 'sentences') continue;
    for (const sentence of expectation.sentences) {
      if (block.language !== 'sql') sentence.statement = null;
      else if ((sentence.statement ?? 0) >= block.statements.length && block.statements.length > 0) {
        const { length } = block.statements;
        const count = `the block has ${length} statement${length > 1 ? 's' : ''}`;
        report(
          'too-many-bullets',
          sentence,
          `${count}, and this is a bullet more`,
          'nest what speaks of one statement',
        );
      }
    }
  }
}
