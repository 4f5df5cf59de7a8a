import type { ExpectationOutcome } from '../../outcome/outcome.ts';
import { type ComparedLine, comparedLines, shortened } from '../comparison.ts';
import { differing } from '../side-by-side.ts';
import { html, type Markup } from './markup.ts';

/** More lines would make the page too heavy to open: the journal has all. */
const MOST_LINES = 400;

/** Both sides of an expectation that failed. */
export const comparison = (outcome: ExpectationOutcome): Markup =>
  table(comparedLines(outcome, MOST_LINES), ['expected', 'actual']);

/** Two texts, line beside line, below their headings. */
export const compared = (lines: ComparedLine[], heads: [string, string]): Markup =>
  table(shortened(lines, MOST_LINES), heads);

const table = (
  lines: (ComparedLine | number)[],
  heads: [string, string],
): Markup => html`<table class="compare">
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${lines.map((line) =>
  typeof line === 'number'
    ? html`<tr class="gap"><td colspan="2">… ${line} more line${line > 1 && 's'}</td></tr>`
    : html`<tr class="${line.same ? 'same' : 'differs'}">
${cell(line.expected, line.same, heads[0])}${cell(line.actual, line.same, heads[1])}</tr>`,
)}</tbody></table>`;

/** On a narrow screen the sides stand one below the other, and each has to say which it is. */
const cell = (line: string | null, same: boolean, side: string): Markup =>
  line === null
    ? html`<td class="nothing"></td>`
    : html`<td data-side="${side}"><code>${same ? line : differing(line)}</code></td>`;
