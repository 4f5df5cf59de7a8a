import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { BlockFinished, Event } from '../../tools/journal/event.ts';
import type { StatementResult } from '../../tools/outcome/output.ts';
import type { RunReport } from '../../tools/report/report.ts';

/** What a rehearsal left on disk. */
export interface Rehearsal {
  report: RunReport;
  finished: BlockFinished[];
}

/** Rehearses runbook.md with these options, and reads its report and journal. Throws where it made none. */
export async function rehearse(...options: string[]): Promise<Rehearsal> {
  const argv = ['tools/cli.ts', 'rehearse', '--data', 'small', ...options];
  const { stdout, stderr } = await promisify(execFile)('node_modules/.bin/tsx', argv, {
    maxBuffer: 1e8,
  }).catch((error: { stdout: string; stderr: string }) => error);
  const directory = /report: (.+)$/m.exec(stdout)?.[1];
  if (!directory) throw new Error(`the rehearsal made no report:\n${stdout}\n${stderr}`);
  const read = (name: string) => readFileSync(`${directory}/${name}`, 'utf8');
  const events = read('journal.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  return {
    report: JSON.parse(read('report.json')) as RunReport,
    finished: events.filter((event) => event.type === 'block-finished'),
  };
}

/** What was judged and how, without what two good runs may differ in: times, sizes and names of their own. */
export const verdictsOf = ({ report }: Rehearsal) =>
  report.blocks.map(({ name, status, exit_code, statements, expectations }) => ({
    name,
    status,
    exit_code,
    statements: statements.map(({ title }) => title),
    expectations: expectations.map(({ text, line, status: verdict }) => ({ text, line, verdict })),
  }));

/** The result set of every statement, by block. */
export const resultsOf = ({ finished }: Rehearsal) =>
  finished.map(({ name, output }) => ({
    name,
    results: output?.kind === 'sql' ? output.results.map(comparable) : [],
  }));

/** Columns whose values belong to one run: made by the clock, by chance, or by how full a page is. */
const OWN_TYPES = /^(timestamptz?|uuid|interval)$/;
const OWN_NAMES = /(^|_)(size|bytes|scan|tup|time|calls|duration)(_|$)/;

function comparable({ columns, rows, rowCount }: StatementResult) {
  const isOwn = columns.map(({ name, type }) => OWN_TYPES.test(type) || OWN_NAMES.test(name));
  return { columns, rowCount, rows: rows.map((row) => row.map((cell, at) => (isOwn[at] ? '…' : cell))) };
}
