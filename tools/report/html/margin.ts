import type { ExpectationOutcome } from '../../outcome/outcome.ts';
import type { RunReport } from '../report.ts';
import { type BlockView, blockOnPage } from './block.ts';
import { comparison } from './comparison.ts';
import type { Margin } from './markdown-page.ts';
import { html, type Markup } from './markup.ts';
import { sign } from './words.ts';

/** What a page is shown with: the blocks of a run, or of several. */
export interface PageState {
  /** In the order of the run, or of the page. */
  views: readonly BlockView[];
  context: Pick<RunReport, 'beside'> & { runbook: Pick<RunReport['runbook'], 'path'> };
  /** What a person may do with a block, by its name. */
  controls(name: string): Markup | null;
}

/** What stands beside the lines of the page. */
export function marginOf({ views, context, controls }: PageState): Margin {
  const blocks = grouped(views.map((view) => [view.block.line, view]));
  const sentences = grouped(
    views.flatMap(({ block }) =>
      block.expectations.map((one): [number, ExpectationOutcome] => [one.line, one]),
    ),
  );
  const between = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i).flatMap(
      (line): [number, ExpectationOutcome[]][] => {
        const outcomes = sentences.get(line);
        return outcomes ? [[line, outcomes]] : [];
      },
    );
  return {
    fence(line) {
      const [first, ...again] = blocks.get(line) ?? [];
      return first ? blockOnPage(first, again, context, controls(first.block.name)) : null;
    },
    before: (from, to) => between(from, to).map(([line, outcomes]) => verdictMark(line, outcomes)),
    below: (from, to) => between(from, to).map(([line, outcomes]) => whatFailed(line, outcomes)),
  };
}

/** The pieces of a page that one block can change, by the ids of their elements. */
export function piecesOfBlock(view: BlockView, { context, controls }: PageState): [string, Markup][] {
  const { name, expectations } = view.block;
  return [
    [`block:${name}`, blockOnPage(view, [], context, controls(name))],
    ...[...grouped(expectations.map((one) => [one.line, one]))].flatMap(
      ([line, outcomes]): [string, Markup][] => [
        [`verdict:${line}`, verdictMark(line, outcomes)],
        [`failed:${line}`, whatFailed(line, outcomes)],
      ],
    ),
  ];
}

function grouped<Value>(pairs: [number, Value][]): Map<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const [line, value] of pairs) {
    const group = groups.get(line);
    if (group) group.push(value);
    else groups.set(line, [value]);
  }
  return groups;
}

/** The worst verdict on the sentence of a line. */
function verdictMark(line: number, outcomes: readonly ExpectationOutcome[]): Markup {
  const worst =
    outcomes.find(({ status }) => status === 'failed') ??
    outcomes.find(({ status }) => status === 'passed') ??
    outcomes[0];
  return html`<span id="verdict:${line}" class="verdict">${worst ? sign(worst.status) : null}</span>`;
}

/** Both sides of what failed in the sentence of a line; its element stands there where nothing has. */
function whatFailed(line: number, outcomes: readonly ExpectationOutcome[]): Markup {
  const failed = outcomes.filter(({ status }) => status === 'failed');
  return html`<div id="failed:${line}" class="failed">${failed.map((one) => comparison(one))}</div>`;
}
