import type { ExpectationOutcome } from '../outcome/outcome.ts';
import type { BlockReport, RunReport } from './report.ts';
import { sectionsOf } from './sections.ts';
import { printable } from './style.ts';

interface Case {
  classname: string;
  name: string;
  seconds: number;
  status: BlockReport['status'] | 'error';
  /** Of one that did not pass: a line, and all of it. */
  message: string;
  detail: string;
}

/**
 * The form that CI servers read: a test suite a section, a test case an expectation, and one for each block
 * that has none or that ended as it should not. That the run was aborted is an error of its own: it never
 * looks green.
 */
export function junitReport(report: RunReport): string {
  const suites = sectionsOf(report.blocks).map(({ heading, blocks }): [string, Case[]] => [
    heading,
    blocks.flatMap((block) => casesOf(block, report.runbook.path)),
  ]);
  if (report.why !== null) suites.push(['The run', [caseOfRun(report)]]);
  const all = suites.flatMap(([, cases]) => cases);
  const { skipped: _, ...totals } = counts(all);
  const name = report.runbook.title || report.runbook.path;
  const timestamp = report.started_at.slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...totals })}>`,
    ...suites.flatMap(([suite, cases]) => [
      `  <testsuite ${attributes({ name: suite, ...counts(cases), timestamp })}>`,
      ...cases.map(testcase),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf(block: BlockReport, path: string): Case[] {
  const seconds = (block.duration_ms ?? 0) / 1000;
  const cases = block.expectations.map((one) => caseOfExpectation(block, one, path));
  if (cases.length === 0 || (block.status === 'failed' && block.why)) cases.unshift(caseOfBlock(block, path));
  return cases.map((one, i) => ({ ...one, seconds: i === 0 ? seconds : 0 }));
}

function caseOfBlock({ section, name, status, why, stderr, line }: BlockReport, path: string): Case {
  const message = why ? `${path}:${why.line}:${why.column}: ${why.message}` : `${path}:${line}`;
  return { classname: section, name, seconds: 0, status, message, detail: stderr };
}

function caseOfExpectation({ section }: BlockReport, one: ExpectationOutcome, path: string): Case {
  const { text, line, status, expected, actual } = one;
  const message = status === 'not-run' ? actual : `${path}:${line}: ${text}`;
  const detail = `expected:\n${expected}\n\nactual:\n${actual}`;
  return { classname: section, name: text, seconds: 0, status, message, detail };
}

function caseOfRun({ status, why, procedure }: RunReport): Case {
  const message = why ?? '';
  const kind = status === 'failed' ? 'failed' : 'error';
  return { classname: 'run', name: procedure, seconds: 0, status: kind, message, detail: message };
}

function testcase({ classname, name, seconds, status, message, detail }: Case): string {
  const open = `    <testcase ${attributes({ classname, name, time: seconds.toFixed(3) })}`;
  if (status === 'passed') return `${open}/>`;
  const inner = {
    'not-run': `<skipped ${attributes({ message })}/>`,
    failed: `<failure ${attributes({ message, type: 'failed' })}>${escaped(detail)}</failure>`,
    error: `<error ${attributes({ message, type: 'aborted' })}>${escaped(detail)}</error>`,
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
    .map(([name, value]) => `${name}="${escaped(String(value)).replaceAll(/\s+/g, ' ')}"`)
    .join(' ');

/** XML 1.0 has no way to write most control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const escaped = (text: string) =>
  printable(text)
    .replaceAll(/\p{Cs}|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
