import type { ExpectationOutcome } from '../../outcome/outcome.ts';
import type { Output } from '../../outcome/output.ts';
import { count } from '../../text/count.ts';
import { showDuration } from '../../text/duration.ts';
import { besideTime } from '../beside.ts';
import { carriedWords } from '../carried.ts';
import { effectLine } from '../effects.ts';
import { lineDiff } from '../line-diff.ts';
import type { BesideBlock, BlockReport, RunReport } from '../report.ts';
import { compared, comparison } from './comparison.ts';
import { highlighted } from './highlight.ts';
import { html, type Markup } from './markup.ts';
import { resultTables } from './results.ts';
import { sign, timing } from './words.ts';

/** A block, and what of it is in no report: its result sets, and what it prints while it runs. */
export interface BlockView {
  block: BlockReport;
  output: Output | null;
  running: Running | null;
  /** What it left of pictures. */
  pictures: ShownPicture[];
}

export interface ShownPicture {
  name: string;
  /** Where the browser has it from. */
  address: string;
}

export interface Running {
  /** ISO 8601, UTC. */
  since: string;
  /** From 1; above it, the block is being retried. */
  attempt: number;
  /** The newest lines that it printed, the oldest first, and how many there were before them. */
  lines: string[];
  before: number;
}

type Context = Pick<RunReport, 'beside'> & { runbook: Pick<RunReport['runbook'], 'path'> };

/** A block as the runbook has it, and what became of it, with its expectations: for a page that is not there. */
export const blockArticle = (view: BlockView, context: Context): Markup =>
  article(view, context, html`${listOf(view.block.expectations)}${outcomeOf(view, context)}`);

/**
 * A block where the page has it; its expectations stand beside the page's sentences. `again` are further runs of it in
 * the same run, with theirs; `controls` are what a person may do with it.
 */
export const blockOnPage = (
  view: BlockView,
  again: BlockView[],
  context: Context,
  controls: Markup | null,
): Markup =>
  article(
    view,
    context,
    html`${controls}${outcomeOf(view, context)}
${again.map(
  (one) => html`<section class="again" aria-label="${one.block.name}">${head(one, context)}
${listOf(one.block.expectations)}${outcomeOf(one, context)}</section>`,
)}`,
  );

const article = (view: BlockView, context: Context, rest: Markup): Markup => html`
<article id="block:${view.block.name}" class="${classOf(view)}" aria-label="block ${view.block.name}">
${head(view, context)}
<p class="where">${context.runbook.path}:${view.block.line} · ${view.block.language} on ${view.block.on}, ${view.block.effect}</p>
<pre class="code" tabindex="0"><code>${highlighted(view.block.text.trimEnd(), languageOf(view.block))}</code></pre>
${rest}
</article>`;

const languageOf = ({ language }: BlockReport): string => (language === 'sh' ? 'bash' : language);

const classOf = ({ block, running }: BlockView): string => (running ? 'running' : block.status);

const head = ({ block, running }: BlockView, { beside }: Context): Markup => html`
<p class="name">${running ? html`<span class="sign running" role="img" aria-label="running">…</span>` : sign(block.status)}
${block.name} ${running ? html`<span class="time" data-since="${running.since}">running</span>` : timing(block)}
${timeBeside(block.duration_ms, beside?.blocks[block.name]?.duration_ms)}</p>`;

function outcomeOf(view: BlockView, { runbook: { path }, beside }: Context): Markup {
  const { block, output, running } = view;
  if (running) return tail(running);
  const rehearsed = beside?.blocks[block.name];
  const tables = resultTables(output);
  return html`${block.carried && html`<p class="where">not run by this run: it ${carriedWords(block.carried)}</p>`}
${block.why && block.status !== 'not-run' && html`<p class="why">${placeOfWhy(block, path)}${block.why.message}</p>`}
${effectsOf(block)}
${statements(block, rehearsed)}
${resultsBeside(block, rehearsed)}
${tables ?? printed('output', block.stdout)}
${printed(block.language === 'sql' ? 'notices' : 'standard error', block.stderr)}
${filesLeft(block.files)}${view.pictures.map(figure)}`;
}

const filesLeft = (files: string[]): Markup | false =>
  files.length > 0 && html`<p class="where">left beside the journal: ${files.join(', ')}</p>`;

const figure = ({ name, address }: ShownPicture): Markup => html`
<figure><img src="${address}" alt="${name}" loading="lazy"></figure>`;

/** What a block that runs has printed so far. */
const tail = ({ attempt, lines, before }: Running): Markup => html`
${attempt > 1 && html`<p class="where">it is tried again: attempt ${attempt}</p>`}
${
  lines.length > 0 &&
  html`<pre class="tail" tabindex="0" role="log" aria-label="what it prints">${before > 0 && `… ${count(before, 'line')} before\n`}${lines.join('\n')}</pre>`
}`;

/** What it did to the database, in a rehearsal. */
function effectsOf({ effects }: BlockReport): Markup | false {
  const line = effectLine(effects);
  return line !== '' && html`<p class="where">database: ${line}</p>`;
}

function timeBeside(ms: number | null, rehearsed: number | null | undefined): Markup | null {
  const time = besideTime(ms, rehearsed);
  return time && html`<span class="time ${time.differs && 'over'}">${time.text}</span>`;
}

/** Where it is not the block's own line, which stands above. */
const placeOfWhy = ({ why, line }: BlockReport, path: string): string | false =>
  why !== null && why.line !== line && `${path}:${why.line}:${why.column}: `;

export const listOf = (expectations: ExpectationOutcome[]): Markup | false =>
  expectations.length > 0 && html`<ul class="expectations">${expectations.map(expectationItem)}</ul>`;

const expectationItem = (one: ExpectationOutcome): Markup => html`
<li class="${one.status}">
${sign(one.status)} <span>${one.text}</span> <span class="line">line ${one.line}</span>
${one.status === 'failed' && comparison(one)}
${one.status === 'not-run' && html`<span class="reason">not judged: ${one.actual}</span>`}</li>`;

function statements({ statements }: BlockReport, rehearsed: BesideBlock | undefined): Markup | null {
  if (statements.length === 0) return null;
  const rows = statements.map(({ title, row_count, duration_ms }, i) => {
    const other = rehearsed?.statements[i];
    const differs = other !== undefined && other.row_count !== row_count;
    return html`<tr>
<td>${title}</td><td>${count(row_count, 'row')}</td><td>${showDuration(duration_ms)}</td>
${
  other !== undefined &&
  html`<td class="${differs && 'differs'}">rehearsed ${count(other.row_count, 'row')}</td>
<td>${timeBeside(duration_ms, other.duration_ms)}</td>`
}</tr>`;
  });
  return html`<details data-keep="statements"><summary>${count(statements.length, 'statement')}</summary>
<table class="statements">${rows}</table></details>`;
}

/** Result sets that are others than in the rehearsal, line beside line. */
function resultsBeside({ stdout }: BlockReport, rehearsed: BesideBlock | undefined): Markup | null {
  if (!rehearsed || rehearsed.differs === null) return null;
  return html`<details data-keep="others"><summary>other results than in the rehearsal</summary>
${compared(lineDiff(rehearsed.differs, stdout), ['rehearsed', 'this run'])}</details>`;
}

/** Enough to see what it was: a browser is no pager. */
const MOST_CHARACTERS = 100_000;

function printed(what: string, text: string): Markup | null {
  if (text.trim() === '') return null;
  const lines = text.trimEnd().split('\n').length;
  const cut = text.length > MOST_CHARACTERS && '\n… the journal has the rest';
  const shown = text.trimEnd().slice(0, MOST_CHARACTERS);
  return html`<details data-keep="${what}"><summary>${what}, ${count(lines, 'line')}</summary>
<pre tabindex="0">${shown}${cut}</pre></details>`;
}
