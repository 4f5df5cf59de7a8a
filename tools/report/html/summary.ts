import { showIdentity } from '../../outcome/identity.ts';
import { count } from '../../text/count.ts';
import { showDuration } from '../../text/duration.ts';
import { downtimeMs } from '../downtime.ts';
import { unjudgedWords } from '../effects.ts';
import { type BlockReport, isWrong, type RunReport } from '../report.ts';
import type { ReportSection } from '../sections.ts';
import { showData, showPart, showRehearsed } from '../vouched.ts';
import { listOf } from './block.ts';
import { html, type Markup } from './markup.ts';
import { sign, timing, wordOf } from './words.ts';

/** What happened to what, when, and how it ended. */
export function masthead(report: RunReport): Markup {
  const { runbook, target, totals, status } = report;
  const server = target.server_version ? `, PostgreSQL ${target.server_version}` : '';
  const vouching = showRehearsed(report, new Date(report.started_at));
  const facts: [string, string][] = [
    ['procedure', showPart(report) ?? report.procedure],
    ['target', `${target.name} (${target.kind}${server})`],
    ...(report.identity ? [['bound to', showIdentity(report.identity)] as [string, string]] : []),
    ...(report.data === null ? [] : [['data', showData(report.data)] as [string, string]]),
    ...(vouching ? [['rehearsal', vouching] as [string, string]] : []),
    ['started', report.started_at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['took', `${showDuration(totals.duration_ms)}, of which ${showDuration(totals.command_ms)} in blocks`],
    ...Object.entries(report.phases).map(([phase, ms]): [string, string] => [
      `replica ${phase}`,
      showDuration(ms),
    ]),
    ['runbook', `${runbook.path}, SHA-256 ${runbook.sha256.slice(0, 12)}…`],
    ['run', report.id],
    ...(report.resumes ? [['goes on from', report.resumes] as [string, string]] : []),
    ...downtimeFacts(report),
    ...besideFacts(report),
  ];
  return html`
<header class="${status}">
<p class="badge">${wordOf(status)}</p>
<h1>${runbook.title || runbook.path}</h1>
<p class="lead">${totals.blocks_passed} of ${count(totals.blocks, 'block')} and
${totals.expectations_passed} of ${count(totals.expectations, 'expectation')} passed.</p>
${unjudgedWords(report.unjudged) !== '' && html`<p class="lead">${unjudgedWords(report.unjudged)}</p>`}
${report.why && html`<p class="why">${report.why}</p>`}
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** The way down the page: sections with how they ended and how long they took, and what failed in them. */
export const contents = (sections: ReportSection[]): Markup => html`
<nav aria-label="Sections">${hasFailed(sections) && FAILED_FIRST}<ol>${sections.map(
  (section) => html`
<li class="${section.status}">${sign(section.status)} <a href="#block:${section.blocks[0]?.name ?? ''}">${section.heading}</a>
<span class="time">${section.duration_ms > 0 && showDuration(section.duration_ms)}</span>
${failures(section.blocks)}</li>`,
)}</ol></nav>`;

/** The page's style does it: a report at rest has no script. */
const FAILED_FIRST = html`
<label class="failed-first"><input type="checkbox" data-keep="failed first"> failed ones first</label>`;

const hasFailed = (sections: ReportSection[]): boolean =>
  sections.length > 1 && sections.some(({ blocks }) => blocks.some(isWrong));

function failures(blocks: BlockReport[]): Markup | null {
  const failed = blocks.filter(isWrong);
  if (failed.length === 0) return null;
  return html`<ul>${failed.map(
    (block) => html`<li><a href="#block:${block.name}">${block.name}</a> ${timing(block)}</li>`,
  )}</ul>`;
}

/** What failed, before the page begins, with both sides; and once, what did not run for it. */
export function whatWentWrong({
  blocks,
  runbook: { path },
}: {
  blocks: BlockReport[];
  runbook: { path: string };
}): Markup | null {
  const wrong = blocks.filter(isWrong);
  const notRun = blocks.filter(({ status, carried }) => status === 'not-run' && !carried);
  if (wrong.length === 0 && notRun.length === 0) return null;
  return html`<section class="wrong" aria-label="What went wrong">${wrong.map(
    ({ name, line, status, why, expectations }) => html`
<p>${sign(status)} <a href="#block:${name}">${name}</a> <span class="where">${path}:${why?.line ?? line}</span></p>
${why && html`<p class="why">${why.message}</p>`}
${listOf(expectations.filter((one) => one.status === 'failed'))}`,
  )}
${
  notRun.length > 0 &&
  html`<details><summary>not run: ${count(notRun.length, 'block')}</summary><p>${notRun.map(
    ({ name }) => html`<a href="#block:${name}">${name}</a> `,
  )}</p></details>`
}</section>`;
}

/** What a probe says of its block, by how it ended. */
const ANSWERS: Record<BlockReport['status'], string> = {
  passed: 'is done',
  failed: 'is not done',
  unknown: 'may be done or not',
  'not-run': 'may be done or not',
};

/** How long services were down. */
function downtimeFacts({ downtime, finished_at, started_at, beside }: RunReport): [string, string][] {
  if (!downtime) return [];
  const ms = downtimeMs(downtime, finished_at ?? started_at);
  const end = downtime.until ? `to ${downtime.until.block}` : 'and still down at the end';
  const rehearsed = beside?.downtime?.until
    ? `, rehearsed ${showDuration(downtimeMs(beside.downtime, started_at))}`
    : '';
  return [['down', `${showDuration(ms)}, from ${downtime.from.block} ${end}${rehearsed}`]];
}

/** The rehearsal that stands beside it. */
function besideFacts({ beside }: RunReport): [string, string][] {
  if (!beside) return [];
  return [['beside', `the rehearsal ${beside.run} on ${beside.target.name} (${beside.target.kind})`]];
}

/** Answers of the person and of probes, and what blocks left for later ones. */
export function appendix({ questions, exports, probes }: RunReport): Markup {
  const left = Object.entries(exports);
  return html`
${
  questions.length > 0 &&
  html`
<section><h2>Asked of the person</h2><ul class="expectations">${questions.map(
    ({ text, line, answer }) =>
      html`<li>${text} <strong>${answer}</strong> <span class="line">line ${line}</span></li>`,
  )}</ul></section>`
}
${
  probes.length > 0 &&
  html`
<section><h2>Asked of probes</h2><ul class="expectations">${probes.map(
    ({ name, of, status }) => html`<li>${name}: ${of} <strong>${ANSWERS[status]}</strong></li>`,
  )}</ul></section>`
}
${
  left.length > 0 &&
  html`
<section><h2>Variables that blocks left</h2><table class="statements">${left.map(
    ([name, value]) => html`<tr><td><code>${name}</code></td><td><code>${value}</code></td></tr>`,
  )}</table></section>`
}`;
}
