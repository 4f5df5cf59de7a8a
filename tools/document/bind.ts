import { compileFence } from '../expect/fence.ts';
import { compileJson, faultOfJson, jsonName } from '../expect/json-pattern.ts';
import { compileTable, tableName } from '../expect/table-pattern.ts';
import { parseBudget } from '../text/duration.ts';
import { type BlockDraft, draftBlock } from './block.ts';
import { bullets, sentenceAt } from './bullets.ts';
import type { BoundSentence, ChecklistItem, Expectation, Section } from './document.ts';
import { Outline } from './outline.ts';
import type { Part, PartOf } from './part.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';

/** The page's parts with what belongs together bound together; only the blocks are not made of it yet. */
export interface BoundPage {
  title: string;
  sections: Section[];
  blocks: BlockDraft[];
  checks: (Omit<ChecklistItem, 'blocks'> & { blocks: BlockDraft[] })[];
}

/** What stands open at a point of the page, so that the next part may belong to it. */
interface Open {
  section: Section;
  /** The block that an expectation would speak of. */
  block: BlockDraft | null;
  /** A label whose list or fence has not come yet. */
  label: (Place & { scope: Expectation['scope']; block: BlockDraft }) | null;
  /** The text of the last `**Error:**`. */
  error: string | null;
  fix: (Place & { cures: string | null }) | null;
  /** An estimated time whose block has not come yet. */
  estimate: (Place & { ms: [number, number] }) | null;
  /** What has just ended, at what level: a list or fence right after it is easily taken for a part of it. */
  ended: { kind: 'block' | 'expectation'; level: number } | null;
}

/** Every section begins with nothing open: what the one before it left binds nothing in it. */
const nothingOpen = (section: Section): Open => ({
  section,
  block: null,
  label: null,
  error: null,
  fix: null,
  estimate: null,
  ended: null,
});

/** Binds labels to blocks, lists and fences to labels, and blocks to checklist items. */
export function bindParts(parts: Part[], report: Report): BoundPage {
  const outline = new Outline();
  const page: BoundPage = { title: '', sections: outline.sections, blocks: [], checks: [] };
  let open = nothingOpen(outline.now);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    if (part.kind === 'list' && open.label) {
      const sentences = bullets(parts.slice(i + 1, part.end), part.level + 1, report);
      open = bind(open, { kind: 'sentences', sentences }, part.level);
      i = part.end - 1;
    } else if (part.kind === 'table' && open.label) {
      open = bind(open, { kind: 'sentences', sentences: [tableOf(part)] }, part.level);
      i = part.end - 1;
    } else if (part.kind === 'heading') {
      reportOpen(open, report);
      if (part.rank === 1 && page.title === '') page.title = part.text;
      outline.enter(part.rank, part.text, part, report);
      open = nothingOpen(outline.now);
    } else open = takePart(open, part, page, report);
  }
  reportOpen(open, report);
  return page;
}

function takePart(open: Open, part: Part, page: BoundPage, report: Report): Open {
  switch (part.kind) {
    case 'flaw':
      report(part.problem);
      return open;
    case 'item':
      return takeItem(open, part, page);
    case 'label':
      return takeLabel(open, part, report);
    case 'fence':
      return takeFence(open, part, page, report);
    case 'list':
      if (isRightBehind(open, part, ['expectation'])) report(problems.unlabelled(part));
      return { ...open, ended: null };
    case 'html':
      return { ...open, ended: null };
    default:
      if (part.kind === 'indented') report(problems.indentedCode(part));
      return { ...withoutLabel(open, report), ended: null };
  }
}

const isRightBehind = ({ ended }: Open, { level }: Part, kinds: string[]): boolean =>
  ended !== null && ended.level === level && kinds.includes(ended.kind);

function takeFence(open: Open, part: PartOf<'fence'>, page: BoundPage, report: Report): Open {
  if (open.label && (part.language === 'text' || part.language === '')) {
    const lines = part.text === '' ? [] : part.text.replace(/\n$/, '').split('\n');
    return bind(open, { kind: 'output', lines, compiled: compileFence(lines), body: part.body }, part.level);
  }
  if (open.label && part.language === 'json') return takeJson(open, part, report);
  const isText = part.language === 'text';
  if (isText && isRightBehind(open, part, ['block', 'expectation'])) report(problems.unlabelled(part));
  const closed = { ...withoutLabel(open, report), ended: null };
  const block = draftBlock(part, open.section, report);
  return block ? takeBlock(closed, block, page) : { ...closed, block: isText ? open.block : null };
}

/** A table is one sentence about rows. */
function tableOf({ rows: [head = [], ...body], line, column }: PartOf<'table'>): BoundSentence {
  const text = tableName(head, body);
  return { text, statement: null, shown: true, compiled: compileTable(head, body), line, column };
}

function takeJson(open: Open, { text, body, level }: PartOf<'fence'>, report: Report): Open {
  const compiled = compileJson(text);
  const fault = compiled ? null : faultOfJson(text);
  if (fault) report(problems.badJson({ line: body.line + fault.line, column: body.column }, fault.why));
  const sentence: BoundSentence = { text: jsonName(text), statement: null, shown: true, compiled, ...body };
  return bind(open, { kind: 'sentences', sentences: compiled ? [sentence] : [] }, level);
}

function takeBlock(open: Open, block: BlockDraft, page: BoundPage): Open {
  block.cures = open.fix?.cures ?? null;
  block.budgetMs = open.estimate?.ms ?? null;
  page.blocks.push(block);
  const item = page.checks.at(-1);
  const { line, level } = block.fence;
  if (item && line >= item.line && line <= item.lastLine) item.blocks.push(block);
  return { ...open, block, fix: null, estimate: null, ended: { kind: 'block', level } };
}

/** An item of a checklist; of any other list it is nothing. */
function takeItem(open: Open, { text, line, column, lastLine }: PartOf<'item'>, page: BoundPage): Open {
  const asked = /^\[[ xX]\]\s+(.*)$/s.exec(text)?.[1];
  if (asked === undefined) return open;
  page.checks.push({ section: open.section, text: asked, blocks: [], lastLine, line, column });
  return { ...open, block: null };
}

function takeLabel(open: Open, part: PartOf<'label'>, report: Report): Open {
  const { label, rest, line, column } = part;
  switch (label) {
    case 'error':
      return { ...open, error: rest };
    case 'fix':
      return { ...open, fix: { line, column, cures: open.error } };
    case 'estimate':
      return takeEstimate(open, part, report);
    default:
      return takeExpectation(withoutLabel(open, report), part, report);
  }
}

/** It is that of the block before it, or, where none has come yet, of the next. */
function takeEstimate(open: Open, { rest, line, column }: PartOf<'label'>, report: Report): Open {
  const ms = parseBudget(rest);
  if (!ms) report(problems.estimate({ line, column }, rest));
  else if (!open.block) return { ...open, estimate: { line, column, ms } };
  else open.block.budgetMs = ms;
  return open;
}

function takeExpectation(open: Open, part: PartOf<'label'>, report: Report): Open {
  const { block } = open;
  if (!block) {
    report(problems.noBlockBefore(part));
    return open;
  }
  const { label, rest, line, column, level } = part;
  const scope = label === 'example' ? 'example' : 'always';
  const waiting: Open = { ...open, label: { line, column, block, scope } };
  if (rest === '') return waiting;
  return bind(waiting, { kind: 'sentences', sentences: [sentenceAt(part, rest, 0)] }, level);
}

type Content =
  | Pick<Extract<Expectation, { kind: 'sentences' }>, 'kind' | 'sentences'>
  | Pick<Extract<Expectation, { kind: 'output' }>, 'kind' | 'lines' | 'compiled' | 'body'>;

/** Gives the waiting label's block its expectation. */
function bind(open: Open, content: Content, level: number): Open {
  if (open.label) {
    const { block, ...label } = open.label;
    block.expectations.push({ ...label, ...content });
  }
  return { ...open, label: null, ended: { kind: 'expectation', level } };
}

function withoutLabel(open: Open, report: Report): Open {
  if (open.label) report(problems.nothingFollows(open.label));
  return open.label ? { ...open, label: null } : open;
}

/** What a section leaves open at its end. */
function reportOpen(open: Open, report: Report): void {
  withoutLabel(open, report);
  if (open.fix) report(problems.noFixFollows(open.fix));
  if (open.estimate) report(problems.noBlockForEstimate(open.estimate));
}
