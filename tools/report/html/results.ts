import type { Output, StatementResult } from '../../outcome/output.ts';
import { count } from '../../text/count.ts';
import { html, type Markup } from './markup.ts';

/** A browser is no pager: the journal has the rest. */
const MOST_ROWS = 200;

/** The result sets of a block, a table for each that has columns; null where it has none. */
export function resultTables(output: Output | null): Markup | null {
  const results = output?.kind === 'sql' ? output.results.filter(({ columns }) => columns.length > 0) : [];
  if (results.length === 0) return null;
  return html`${results.map((result, i) => resultTable(result, i))}`;
}

function resultTable({ title, columns, rows, rowCount }: StatementResult, index: number): Markup {
  const shown = rows.slice(0, MOST_ROWS);
  const rest = rowCount - shown.length;
  return html`<details data-keep="rows ${index}" open><summary>${title}: ${count(rowCount, 'row')}</summary>
<div class="wide" tabindex="0" role="region" aria-label="${title}"><table class="rows" data-rows>
<thead><tr>${columns.map(({ name, type }) => html`<th scope="col" title="${type}">${name}</th>`)}</tr></thead>
<tbody>${shown.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table></div>
${rest > 0 && html`<p class="where">… ${count(rest, 'more row')}, which the journal has</p>`}</details>`;
}

const cell = (value: unknown): Markup =>
  value === null ? html`<td class="null">null</td>` : html`<td>${String(value)}</td>`;
