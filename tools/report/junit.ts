import { showIdentity } from '../outcome/identity.ts';
import type { ExpectationOutcome } from '../outcome/outcome.ts';
import { carriedWords } from './carried.ts';
import { unjudgedWords } from './effects.ts';
import { type BlockReport, isWrong, type RunReport, timeIn } from './report.ts';
import { sectionsOf } from './sections.ts';
import { printable } from './style.ts';
import { showPart, showRehearsed } from './vouched.ts';

interface Case {
  classname: string;
  name: string;
  seconds: number;
  status: 'passed' | 'failed' | 'not-run' | 'error';
  /** Of one that did not pass: a line, which begins with the place in the page; and what there is to say besides. */
  message: string;
  detail: string;
  /** Of one that an earlier run judged: which and when. */
  carried: string | null;
}

interface Suite {
  name: string;
  cases: Case[];
}

/**
 * The form that CI servers read: a test suite a section, a test case an expectation, and one for each block
 * that has none or that ended as it should not. A case is called the same whether it ran or not, and no two are
 * called the same. That the run was aborted is an error of its own: it never looks green.
 *
 * There is no one schema of this form, and those that there are contradict each other; spec/report/schemas has what
 * could be had of them. `file` and `line` of a case, which GitLab, CircleCI and some actions of GitHub read where they are
 * there, are refused by all of them, and a consumer that validates, such as Jenkins' plugin xunit, then refuses the whole
 * report. So they are left out, which costs a link at most: a message begins with the place, and so does the text of a
 * failure, as some show nothing else of it; what the page is called is a property of each suite. Kept are the `skipped`
 * and `timestamp` of a suite and the `message` of a skipped case, although one schema or another lacks each of them:
 * consumers show them, and have them from nowhere else.
 */
export function junitReport(report: RunReport): string {
  const suites = suitesOf(report);
  const { skipped: _, ...totals } = counts(suites.flatMap(({ cases }) => cases));
  const name = report.runbook.title || report.runbook.path;
  const timestamp = report.started_at.slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...totals })}>`,
    ...suites.flatMap(({ name, cases }, i) => [
      `  <testsuite ${attributes({ name, ...counts(cases), timestamp })}>`,
      ...properties([{ name: 'file', value: report.runbook.path }, ...(i === 0 ? vouching(report) : [])]),
      ...cases.map(testcase),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Property {
  name: string;
  value: string;
}

/** Each schema wants them before the cases, and Jenkins' wants one at least. */
const properties = (known: Property[]): string[] => [
  '    <properties>',
  ...known.map(({ name, value }) => `      <property ${attributes({ name, value })}/>`),
  '    </properties>',
];

/** What the run was bound to, and what vouched for it: of the first suite, as the form has no place above. */
function vouching(report: RunReport): Property[] {
  const { identity, rehearsed, started_at, unjudged } = report;
  const [vouched, part] = [showRehearsed({ rehearsed }, new Date(started_at)), showPart(report)];
  return [
    ...(identity ? [{ name: 'bound to', value: showIdentity(identity) }] : []),
    ...(vouched ? [{ name: 'rehearsal', value: vouched }] : []),
    ...(part ? [{ name: 'part', value: part }] : []),
    ...(unjudgedWords(unjudged) ? [{ name: 'not judged', value: unjudgedWords(unjudged) }] : []),
  ];
}

function suitesOf(report: RunReport): Suite[] {
  const suites = sectionsOf(report.blocks).map(({ heading, blocks }) => ({
    name: heading,
    cases: blocks.flatMap((block) => casesOf(block, report.runbook.path)),
  }));
  if (report.why !== null) suites.push({ name: 'The run', cases: [caseOfRun(report)] });
  // A section that runs again, as main does after a rollback, is a suite of its own.
  return numbered(suites);
}

/** Behind the second of a name, ` (2)`, and so on: the same in every run of the same plan. */
function numbered<T extends { name: string }>(items: T[]): T[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const stem = oneLine(item.name);
    let name = stem;
    for (let count = 2; taken.has(name); count++) name = `${stem} (${count})`;
    taken.add(name);
    return { ...item, name };
  });
}

function casesOf(block: BlockReport, path: string): Case[] {
  const seconds = timeIn(block) / 1000;
  const cases = numbered(block.expectations.map((one) => caseOfExpectation(block, one, path)));
  const ended = isWrong(block);
  if (cases.length === 0 || (ended && block.why)) cases.unshift(caseOfBlock(block, path));
  const carried = block.carried && carriedWords(block.carried);
  return cases.map((one, i) => ({ ...one, carried, seconds: i === 0 ? seconds : 0 }));
}

function caseOfBlock({ section, name, status, why, stderr, line }: BlockReport, file: string): Case {
  const message = why ? `${file}:${why.line}:${why.column}: ${why.message}` : `${file}:${line}`;
  return {
    classname: section,
    name,
    seconds: 0,
    status: status === 'unknown' ? 'error' : status,
    message,
    detail: stderr,
    carried: null,
  };
}

function caseOfExpectation(block: BlockReport, one: ExpectationOutcome, file: string): Case {
  const { text, line, status, expected, actual } = one;
  const message = `${file}:${line}: ${status === 'not-run' ? actual : text}`;
  const detail = `expected:\n${expected}\n\nactual:\n${actual}`;
  const name = `${block.name} › ${text}`;
  return { classname: block.section, name, seconds: 0, status, message, detail, carried: null };
}

function caseOfRun({ status, why, procedure }: RunReport): Case {
  return {
    classname: 'run',
    name: `the run of ${procedure}`,
    seconds: 0,
    status: status === 'failed' ? 'failed' : 'error',
    message: why ?? '',
    detail: '',
    carried: null,
  };
}

function testcase(one: Case): string {
  const { classname, name, seconds, status, message, detail, carried } = one;
  const open = `    <testcase ${attributes({ classname, name, time: seconds.toFixed(3) })}`;
  if (status === 'passed') {
    return carried ? `${open}><system-out>${escaped(carried)}</system-out></testcase>` : `${open}/>`;
  }
  const text = escaped(detail === '' ? message : `${message}\n\n${detail}`);
  const inner = {
    'not-run': `<skipped ${attributes({ message })}/>`,
    failed: `<failure ${attributes({ message, type: 'failed' })}>${text}</failure>`,
    error: `<error ${attributes({ message, type: 'aborted' })}>${text}</error>`,
  }[status];
  return `${open}>${inner}</testcase>`;
}

function counts(cases: Case[]): Record<string, string | number> {
  const having = (status: Case['status']) => cases.filter((one) => one.status === status).length;
  return {
    tests: cases.length,
    failures: having('failed'),
    errors: having('error'),
    skipped: having('not-run'),
    time: cases.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  };
}

const attributes = (values: Record<string, string | number>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(oneLine(String(value)))}"`)
    .join(' ');

const oneLine = (text: string) => printable(text).replaceAll(/\s+/g, ' ');

/** XML 1.0 has no way to write most control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const escaped = (text: string) =>
  printable(text)
    .replaceAll(/\p{Cs}|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
