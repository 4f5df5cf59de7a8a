import type { StatementResult } from '../../tools/outcome/output.ts';
import type { Rehearsal } from '../support/rehearsal.ts';

/** What was judged and how, without what two good runs may differ in: times, sizes and names of their own. */
export const verdictsOf = ({ report }: Rehearsal) =>
  report.blocks.map(({ name, status, exit_code, statements, expectations }) => ({
    name,
    status,
    exit_code,
    statements: statements.map(({ title }) => title),
    expectations: expectations.map(({ text, line, status: verdict }) => ({ text, line, verdict })),
  }));

/** Each block that did not pass, with what it printed: what a comparison of verdicts would not show. */
export const failuresOf = ({ report }: Rehearsal) =>
  report.blocks
    .filter(({ status }) => status === 'failed' || status === 'unknown')
    .map(({ name, stdout, stderr }) => ({ replica: report.target.kind, name, stdout, stderr }));

/** The result set of every statement, by block. */
export const resultsOf = ({ events }: Rehearsal) =>
  events
    .filter((event) => event.type === 'block-finished')
    .map(({ name, output }) => ({
      name,
      results: output?.kind === 'sql' ? output.results.map(comparable) : [],
    }));

/** Columns whose values belong to one run: made by the clock, by chance, or by how full a page is. */
const OWN_TYPES = /^(timestamptz?|uuid|interval)$/;
const OWN_NAMES = /(^|_)(size|bytes|scan|tup|time|calls|duration)(_|$)/;

function comparable({ columns, rows, rowCount }: StatementResult) {
  const isOwn = columns.map(({ name, type }) => OWN_TYPES.test(type) || OWN_NAMES.test(name));
  const known = rows.map((row) => row.map((cell, at) => (isOwn[at] ? '…' : cell)));
  // Most statements ask for no order, and PostgreSQL then answers as its catalog happens to lie.
  return { columns, rowCount, rows: known.toSorted(byText) };
}

function byText(one: unknown, other: unknown): number {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  return a < b ? -1 : Number(a > b);
}
