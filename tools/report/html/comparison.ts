import type { ExpectationOutcome } from '../../outcome/outcome.ts';
import { comparedLines } from '../comparison.ts';
import { differing } from '../side-by-side.ts';
import { html, type Markup } from './markup.ts';

/** More lines would make the page too heavy to open: the journal has all. */
const MOST_LINES = 400;

/** Both sides of an expectation that failed. */
export const comparison = (outcome: ExpectationOutcome): Markup => html`<table class="compare">
<thead><tr><th scope="col">expected</th><th scope="col">actual</th></tr></thead>
<tbody>${comparedLines(outcome, MOST_LINES).map((line) =>
  typeof line === 'number'
    ? html`<tr class="gap"><td colspan="2">… ${line} more line${line > 1 && 's'}</td></tr>`
    : html`<tr class="${line.same ? 'same' : 'differs'}">
${cell(line.expected, line.same)}${cell(line.actual, line.same)}</tr>`,
)}</tbody></table>`;

const cell = (line: string | null, same: boolean): Markup =>
  line === null
    ? html`<td class="nothing"></td>`
    : html`<td><code>${same ? line : differing(line)}</code></td>`;
