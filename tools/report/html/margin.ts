import type { ExpectationOutcome } from '../../outcome/outcome.ts';
import type { RunReport } from '../report.ts';
import { type BlockView, blockOnPage } from './block.ts';
import { comparison } from './comparison.ts';
import type { Margin } from './markdown-page.ts';
import { html, type Markup } from './markup.ts';
import { sign } from './words.ts';

/** What a page is shown with: the blocks of a run, or of several, and what is expected of them. */
export interface PageState {
  /** By the line of its fence; more than one where a run takes a block again. */
  blocks: ReadonlyMap<number, readonly BlockView[]>;
  /** By the line of the sentence; one that was not judged yet has no outcome. */
  sentences: ReadonlyMap<number, readonly ExpectationOutcome[]>;
  context: Pick<RunReport, 'beside'> & { runbook: Pick<RunReport['runbook'], 'path'> };
  /** What a person may do with a block, by its name. */
  controls(name: string): Markup | null;
}

/** What stands beside the lines of the page. */
export function marginOf(state: PageState): Margin {
  const between = (from: number, to: number) => linesBetween(state.sentences, from, to);
  return {
    fence: (line) => blockAt(line, state),
    before: (from, to) => between(from, to).map((line) => verdictMark(line, outcomesAt(line, state))),
    below: (from, to) => between(from, to).map((line) => whatFailed(line, outcomesAt(line, state))),
    heading: () => null,
  };
}

const outcomesAt = (line: number, { sentences }: PageState) => sentences.get(line) ?? [];

function linesBetween(sentences: PageState['sentences'], from: number, to: number): number[] {
  const lines: number[] = [];
  for (let line = from; line <= to; line++) if (sentences.has(line)) lines.push(line);
  return lines;
}

/** The element of the block whose fence begins at a line; null where no block is known there. */
export function blockAt(line: number, { blocks, context, controls }: PageState): Markup | null {
  const [first, ...again] = blocks.get(line) ?? [];
  return first ? blockOnPage(first, again, context, controls(first.block.name)) : null;
}

/** The worst verdict on the sentence of a line. */
export function verdictMark(line: number, outcomes: readonly ExpectationOutcome[]): Markup {
  const worst =
    outcomes.find(({ status }) => status === 'failed') ??
    outcomes.find(({ status }) => status === 'passed') ??
    outcomes[0];
  return html`<span id="verdict:${line}" class="verdict">${worst ? sign(worst.status) : null}</span>`;
}

/** Both sides of what failed in the sentence of a line; its element stands there where nothing has. */
export function whatFailed(line: number, outcomes: readonly ExpectationOutcome[]): Markup {
  const failed = outcomes.filter(({ status }) => status === 'failed');
  return html`<div id="failed:${line}" class="failed">${failed.map((one) => comparison(one))}</div>`;
}
