import { showIdentity } from '../outcome/identity.ts';
import type { ExpectationOutcome } from '../outcome/outcome.ts';
import { showDuration } from '../text/duration.ts';
import { besideTime } from './beside.ts';
import { carriedWords } from './carried.ts';
import { comparedLines } from './comparison.ts';
import { downtimeMs } from './downtime.ts';
import { effectWords, unjudgedWords } from './effects.ts';
import { type BesideBlock, type BlockReport, isWrong, type RunReport } from './report.ts';
import { type ReportSection, sectionsOf } from './sections.ts';
import { differing } from './side-by-side.ts';
import { printable } from './style.ts';
import { showData, showPart, showRehearsed } from './vouched.ts';

/** A forge takes comments of 65,536 characters. */
const MOST_FAILURES = 10;
const MOST_LINES = 40;
const MOST_CHARACTERS = 2000;

const SIGNS = { passed: '✅', failed: '❌', unknown: '❓', 'not-run': '➖', aborted: '❌' };

/** A summary for a pull request's comment: how it ended, each section, and what failed with both sides. */
export function markdownReport(report: RunReport): string {
  const { runbook, target, totals, status, procedure } = report;
  const sections = sectionsOf(report.blocks);
  const failed = report.blocks.filter(isWrong);
  const server = target.server_version ? `, PostgreSQL ${target.server_version}` : '';
  const data = report.data === null ? '' : `, ${plain(showData(report.data))}`;
  const vouching = showRehearsed(report, new Date(report.started_at));
  return [
    `### ${SIGNS[status]} ${plain(runbook.title || runbook.path)}: ${status}`,
    '',
    `${code(procedure)} of ${code(runbook.path)} on ${plain(target.name)} (${target.kind}${server}${data}): ${counted(totals)}.`,
    ...(report.part ? ['', `**${plain(capital(showPart(report) ?? ''))}.**`] : []),
    ...(report.resumes ? ['', `It goes on from ${code(report.resumes)}.`] : []),
    ...carriedLines(report.blocks),
    ...(vouching ? ['', `**${plain(vouching)}**`] : []),
    ...(report.identity ? ['', `Bound to ${plain(showIdentity(report.identity))}.`] : []),
    ...(report.downtime ? ['', downtimeSentence(report)] : []),
    ...(unjudgedWords(report.unjudged) ? ['', `${capital(unjudgedWords(report.unjudged))}.`] : []),
    ...(report.why ? ['', `**${plain(report.why)}**`] : []),
    ...failed.slice(0, MOST_FAILURES).flatMap((block) => failure(block, runbook.path)),
    ...(failed.length > MOST_FAILURES
      ? ['', `… and ${failed.length - MOST_FAILURES} more blocks failed.`]
      : []),
    '',
    '<details><summary>Sections</summary>',
    '',
    '| | section | blocks | expectations | time |',
    '| --- | --- | ---: | ---: | ---: |',
    ...sections.map(sectionRow),
    '',
    '</details>',
    ...effectTable(report.blocks),
    ...besideTable(report),
    '',
  ].join('\n');
}

const capital = (words: string) => words[0]?.toUpperCase() + words.slice(1);

/** What the blocks of a rehearsal did to the database. */
function effectTable(blocks: BlockReport[]): string[] {
  const rows = blocks.flatMap(({ name, effects }) => {
    const words = effectWords(effects);
    if (!words) return [];
    const locks = words.locks && `${words.locks} (${words.looked})`;
    return [`| ${code(name)} | ${plain(words.changes)} | ${plain(locks)} | ${words.wal} |`];
  });
  if (rows.length === 0) return [];
  return [
    '',
    '<details><summary>What the blocks did to the database</summary>',
    '',
    'Rows are of committed transactions. Locks are of mode SHARE and above: one that was held between two looks is not among them.',
    '',
    '| block | changes | locks | write-ahead log |',
    '| --- | --- | --- | ---: |',
    ...rows,
    '',
    '</details>',
  ];
}

function carriedLines(blocks: BlockReport[]): string[] {
  const lines = blocks.flatMap(({ name, carried }) =>
    carried ? [`- ${code(name)} ${plain(carriedWords(carried))}`] : [],
  );
  return lines.length > 0 ? ['', 'Not run by this run, and counted:', '', ...lines] : [];
}

const counted = (totals: RunReport['totals']): string =>
  `${totals.blocks_passed} of ${totals.blocks} blocks and ${totals.expectations_passed} of ` +
  `${totals.expectations} expectations passed in ${showDuration(totals.duration_ms)}`;

function downtimeSentence({ downtime, finished_at, started_at, beside }: RunReport): string {
  if (!downtime) return '';
  const ms = downtimeMs(downtime, finished_at ?? started_at);
  const end = downtime.until ? `to ${code(downtime.until.block)}` : 'and were still down at the end';
  const rehearsed = beside?.downtime?.until
    ? `; rehearsed, it took ${showDuration(downtimeMs(beside.downtime, started_at))}`
    : '';
  return `Services were down for ${showDuration(ms)}, from ${code(downtime.from.block)} ${end}${rehearsed}.`;
}

/** The blocks that ran, beside those of the rehearsal; what differs is marked. */
function besideTable({ beside, blocks }: RunReport): string[] {
  if (!beside) return [];
  const rows = blocks.flatMap((block) => {
    const rehearsed = beside.blocks[block.name];
    return rehearsed && block.duration_ms !== null && block.status !== 'not-run'
      ? [besideRow(block, rehearsed)]
      : [];
  });
  if (rows.length === 0) return [];
  const name = `${code(beside.run)} on ${plain(beside.target.name)} (${beside.target.kind})`;
  return [
    '',
    '<details><summary>Beside the rehearsal</summary>',
    '',
    `The rehearsal is ${name}.`,
    '',
    '| | block | time | rehearsed | rows | rehearsed |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    '</details>',
  ];
}

function besideRow(block: BlockReport, { duration_ms, statements, differs }: BesideBlock): string {
  const slow = besideTime(block.duration_ms, duration_ms)?.differs === true;
  const rows = (of: BlockReport['statements']) => of.map(({ row_count }) => row_count).join(', ');
  const cells = [
    differs !== null || slow ? '≠' : '',
    code(block.name),
    slow ? `**${showDuration(block.duration_ms ?? 0)}**` : showDuration(block.duration_ms ?? 0),
    duration_ms === null ? '' : showDuration(duration_ms),
    rows(block.statements),
    `${rows(statements)}${differs === null ? '' : ' (other results)'}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function sectionRow({ heading, status, duration_ms, blocks }: ReportSection): string {
  const passed = (items: { status: string }[]) =>
    `${items.filter((item) => item.status === 'passed').length} of ${items.length}`;
  const cells = [
    SIGNS[status],
    plain(heading),
    passed(blocks),
    passed(blocks.flatMap(({ expectations }) => expectations)),
    duration_ms > 0 ? showDuration(duration_ms) : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function failure({ name, why, expectations }: BlockReport, path: string): string[] {
  const failed = expectations.filter(({ status }) => status === 'failed');
  const message = why ? ['', fenced('text', [`${path}:${why.line}:${why.column}: ${why.message}`])] : [];
  return ['', `#### ${code(name)}`, ...message, ...failed.flatMap((one) => difference(one, path))];
}

function difference(one: ExpectationOutcome, path: string): string[] {
  const lines = comparedLines(one, MOST_LINES).flatMap((line) => {
    if (typeof line === 'number') return [`  … ${line} more`];
    if (line.same) return [`  ${line.actual}`];
    return [...side('-', line.expected), ...side('+', line.actual)];
  });
  return ['', `${code(`${path}:${one.line}`)} ${plain(one.text)}`, '', fenced('diff', lines)];
}

const side = (mark: string, line: string | null) => (line === null ? [] : [`${mark} ${differing(line)}`]);

/** A fence longer than any run of backticks in it. */
function fenced(language: string, lines: string[]): string {
  const text = printable(lines.join('\n'));
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}\n…` : text;
  const longest = Math.max(2, ...(cut.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${cut}\n${fence}`;
}

export const code = (text: string) => `\`${printable(text)}\``;

/** Text of which Markdown makes nothing: no table cell ends in it, no name is called, no HTML begins. */
export const plain = (text: string) =>
  printable(text)
    .replaceAll(/[\\`*_[\]<>|#~]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replaceAll(/\s+/g, ' ');
