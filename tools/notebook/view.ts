import { remainingMs } from '../plan/forecast.ts';
import { downtimeOf } from '../report/downtime.ts';
import type { BlockView } from '../report/html/block.ts';
import { marginOf, type PageState, piecesOfBlock } from '../report/html/margin.ts';
import { renderedPage } from '../report/html/markdown-page.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { contents, whatWentWrong } from '../report/html/summary.ts';
import { timeline } from '../report/html/timeline.ts';
import { sign } from '../report/html/words.ts';
import { isWrong } from '../report/report.ts';
import { sectionsOf } from '../report/sections.ts';
import { count } from '../text/count.ts';
import { showDuration } from '../text/duration.ts';
import type { Notebook, Question, RunState } from './notebook.ts';

/** What a browser may ask for besides looking; null where a run is over, and only looked at. */
export interface Offer {
  /** Where blocks run, in words: `the replica`, or `the host nas`. */
  where: string;
  /** Procedures by their names. */
  procedures(): string[];
  /** The id of a run that can be gone on with; null where there is none. */
  resumable(): string | null;
  /** Whether parts of a procedure can be asked for: not on a host, where a run is of a whole procedure or of one block. */
  parts: boolean;
}

const stateOf = (notebook: Notebook, offer: Offer | null): PageState => ({
  views: notebook.views(),
  context: { runbook: notebook.document, beside: null },
  controls: (name) => offer && controls(name, offer),
});

/** Every piece of the page that can change by itself, by its id. */
export function piecesOf(notebook: Notebook, offer: Offer | null): Map<string, Markup> {
  const state = stateOf(notebook, offer);
  return new Map<string, Markup>([
    ['head', head(notebook, offer)],
    ['outline', outline(state)],
    ['wrong', html`<div id="wrong">${whatWentWrong(whatFailed(state, notebook))}</div>`],
    ['problems', problems(notebook)],
    ['timeline', timelineOf(notebook)],
    ['said', said(notebook)],
    ...state.views.flatMap((view) => blockPieces(view, state)),
  ]);
}

/** Of thousands of blocks, one or two change at a time: the pieces of the others are made once. */
const made = new WeakMap<BlockView, [string, Markup][]>();

function blockPieces(view: BlockView, state: PageState): [string, Markup][] {
  const known = made.get(view) ?? piecesOfBlock(view, state);
  made.set(view, known);
  return known;
}

/** The page itself, with all of its pieces in it. */
export const pageOf = (notebook: Notebook, offer: Offer | null): Markup =>
  html`<div id="page">${renderedPage(notebook.document.text, marginOf(stateOf(notebook, offer)))}</div>`;

export function shell(notebook: Notebook, offer: Offer | null, version: number, instance: string): string {
  const pieces = piecesOf(notebook, offer);
  const piece = (id: string) => pieces.get(id) as Markup;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${notebook.document.title || notebook.document.path}</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body data-version="${version}" data-instance="${instance}">
<a class="skip" href="#page">Skip to the page</a>
${piece('head')}
${piece('outline')}
<main>
${piece('problems')}
${piece('wrong')}
${piece('timeline')}
${pageOf(notebook, offer)}
${piece('said')}
</main>
</body>
</html>
`.markup;
}

function head(notebook: Notebook, offer: Offer | null): Markup {
  const { document, run, question, problems } = notebook;
  const isClosed = run?.isOpen || problems.length > 0;
  return html`<header id="head" class="desk ${run?.status ?? ''} ${isClosed && 'closed'}">
<h1>${document.title || document.path}</h1>
<p class="lead" role="status">${run ? runLine(run) : html`Nothing has run yet${offer && html` on ${offer.where}`}.`}</p>
${run && progress(run)}
${run && downtime(run)}
${question ? questionForm(question) : offer && buttons(notebook, offer)}
<p id="note" role="alert"></p>
</header>`;
}

function runLine({ what, status, why, now, isOpen }: RunState): Markup {
  if (isOpen && now)
    return html`<span class="sign running">…</span> ${what}: <a href="#block:${now.name}">${now.name}</a>
<span class="time" data-since="${now.since}"></span>`;
  if (isOpen) return html`<span class="sign running">…</span> ${what}`;
  return html`<strong class="${status}">${what}: ${status}</strong>${why && html`, ${why}`}`;
}

/** How far, and how long that will take still. */
function progress({ started, took, now, isOpen, events }: RunState): Markup | null {
  if (!started) return null;
  // What was not run for what failed before it has not ended: it has not begun.
  const ended = events.filter(
    (event) =>
      event.type === 'block-carried' ||
      (event.type === 'block-finished' && event.outcome.status !== 'not-run'),
  ).length;
  const all = started.blocks.filter(({ probe_of }) => probe_of === undefined).length;
  const ms = isOpen && now ? Date.now() - Date.parse(now.since) : 0;
  const left = isOpen ? remainingMs(started.expected_ms, took, now && { name: now.name, ms }) : null;
  return html`<p class="where"><progress class="bar" max="${all}" value="${ended}" aria-label="blocks that have ended"></progress>
${ended} of ${count(all, 'block')} on ${started.target.name}${left !== null && `, about ${showDuration(Math.ceil(left / 1000) * 1000)} left`}</p>`;
}

/** The clock of the services that the run has stopped. */
function downtime({ events, started }: RunState): Markup | null {
  const down = started && downtimeOf([events]);
  if (!down) return null;
  if (!down.until)
    return html`<p class="down">services are down since <span data-since="${down.from.at}"></span></p>`;
  const ms = Date.parse(down.until.at) - Date.parse(down.from.at);
  return html`<p class="where">services were down for ${showDuration(ms)}</p>`;
}

function buttons({ run, problems }: Notebook, offer: Offer): Markup {
  if (run?.isOpen) return html`<p class="controls"><button type="button" data-do="stop">Stop</button></p>`;
  if (problems.length > 0) return html`<p class="where">What the page says is to be mended first.</p>`;
  const resumable = offer.resumable();
  return html`<form class="controls" data-do="procedure">
<label>Procedure <select name="name">${offer.procedures().map((name) => html`<option>${name}</option>`)}</select></label>
<button>Run it on ${offer.where}</button>
${resumable && html`<button type="button" data-do="resume" data-name="${resumable}">Go on with run ${resumable}</button>`}
</form>`;
}

function questionForm({ id, kind, message }: Question): Markup {
  const lines = html`<p class="question" id="question">${message}</p>`;
  if (kind === 'yes-or-no')
    return html`<div class="controls asked">${lines}
<button type="button" data-do="answer" data-name="${id}" data-answer="yes">Yes</button>
<button type="button" data-do="answer" data-name="${id}" data-answer="no">No</button></div>`;
  return html`<form class="controls asked" data-do="answer" data-name="${id}">${lines}
<input name="answer" type="${kind === 'secret' ? 'password' : 'text'}" autocomplete="off" aria-labelledby="question" autofocus>
<button>Answer</button><button type="button" data-do="stop">Stop</button></form>`;
}

/** They are there all the time, and out of sight while something runs: else every block would have to be sent again. */
function controls(name: string, { parts }: Offer): Markup {
  const button = (what: string, label: string) =>
    html`<button type="button" data-do="${what}" data-name="${name}" aria-label="${label} ${name}">${label}</button>`;
  return html`<p class="controls">${button('block', 'Run')}
${parts && html`${button('until', 'Up to here')} ${button('from', 'From here on')}`}</p>`;
}

const reportsIn = ({ views }: PageState) => views.map(({ block }) => block);

const outline = (state: PageState): Markup =>
  html`<div id="outline" class="outline">${contents(sectionsOf(reportsIn(state)))}</div>`;

const timelineOf = ({ run }: Notebook): Markup =>
  html`<div id="timeline">${run && timeline(run.events, new Date().toISOString())}</div>`;

function problems({ document: { path }, problems }: Notebook): Markup {
  return html`<div id="problems">${
    problems.length > 0 &&
    html`<section class="wrong" aria-label="What is to be mended"><ul>${problems.map(
      ({ line, column, message, remedy }) =>
        html`<li>${sign('failed')} <span class="where">${path}:${line}:${column}</span> ${message}; ${remedy}</li>`,
    )}</ul></section>`
  }</div>`;
}

/** What never ran is nobody's failure here. */
const whatFailed = (state: PageState, { document }: Notebook): Parameters<typeof whatWentWrong>[0] => ({
  runbook: document,
  blocks: reportsIn(state).filter(isWrong),
});

const said = ({ said: lines }: Notebook): Markup =>
  html`<details id="said" data-keep="said" open><summary>What the tool said</summary>
<pre class="tail" tabindex="0" role="log" aria-label="what the tool said">${lines.join('\n')}</pre></details>`;
