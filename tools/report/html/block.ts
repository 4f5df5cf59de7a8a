import type { ExpectationOutcome } from '../../outcome/outcome.ts';
import { count } from '../../text/count.ts';
import { showDuration } from '../../text/duration.ts';
import { besideTime } from '../beside.ts';
import { carriedWords } from '../carried.ts';
import { effectLine } from '../effects.ts';
import { lineDiff } from '../line-diff.ts';
import type { BesideBlock, BlockReport, RunReport } from '../report.ts';
import { compared, comparison } from './comparison.ts';
import { html, type Markup } from './markup.ts';
import { sign, timing } from './words.ts';

/** A block as the runbook has it, and what became of it. */
export function blockArticle(block: BlockReport, { runbook: { path }, beside }: RunReport): Markup {
  const rehearsed = beside?.blocks[block.name];
  return html`
<article id="${block.name}" class="${block.status}">
<h3>${sign(block.status)} ${block.name} ${timing(block)} ${timeBeside(block.duration_ms, rehearsed?.duration_ms)}</h3>
<p class="where">${path}:${block.line} · ${block.language} on ${block.on}, ${block.effect}</p>
<pre class="code"><code>${block.text.trimEnd()}</code></pre>
${block.carried && html`<p class="where">not run by this run: it ${carriedWords(block.carried)}</p>`}
${block.why && html`<p class="why">${placeOfWhy(block, path)}${block.why.message}</p>`}
${listOf(block.expectations)}
${effectsOf(block)}
${statements(block, rehearsed)}
${resultsBeside(block, rehearsed)}
${printed('output', block.stdout)}
${printed('standard error', block.stderr)}
</article>`;
}

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

const listOf = (expectations: ExpectationOutcome[]): Markup | false =>
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
  return html`<details><summary>${count(statements.length, 'statement')}</summary>
<table class="statements">${rows}</table></details>`;
}

/** Result sets that are others than in the rehearsal, line beside line. */
function resultsBeside({ stdout }: BlockReport, rehearsed: BesideBlock | undefined): Markup | null {
  if (!rehearsed || rehearsed.differs === null) return null;
  return html`<details><summary>other results than in the rehearsal</summary>
${compared(lineDiff(rehearsed.differs, stdout), ['rehearsed', 'this run'])}</details>`;
}

/** Enough to see what it was: a browser is no pager. */
const MOST_CHARACTERS = 100_000;

function printed(what: string, text: string): Markup | null {
  if (text.trim() === '') return null;
  const lines = text.trimEnd().split('\n').length;
  const cut = text.length > MOST_CHARACTERS && '\n… the journal has the rest';
  const shown = text.trimEnd().slice(0, MOST_CHARACTERS);
  return html`<details><summary>${what}, ${count(lines, 'line')}</summary>
<pre>${shown}${cut}</pre></details>`;
}
