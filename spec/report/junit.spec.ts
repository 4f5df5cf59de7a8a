import { describe, expect, it } from 'vitest';
import { junitReport } from '../../tools/report/junit.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

/** What the schema of Jenkins (junit-10.xsd) knows of the elements used, and what may stand in each. */
const SCHEMA: Record<string, { attributes: string[]; inside: string[] }> = {
  testsuites: { attributes: ['name', 'tests', 'failures', 'errors', 'time', 'disabled'], inside: [''] },
  testsuite: {
    attributes: [
      'name',
      'tests',
      'failures',
      'errors',
      'skipped',
      'time',
      'timestamp',
      'hostname',
      'id',
      'package',
    ],
    inside: ['testsuites'],
  },
  testcase: { attributes: ['classname', 'name', 'time', 'assertions', 'status'], inside: ['testsuite'] },
  skipped: { attributes: ['message', 'type'], inside: ['testcase'] },
  failure: { attributes: ['message', 'type'], inside: ['testcase'] },
  error: { attributes: ['message', 'type'], inside: ['testcase'] },
};

interface Element {
  name: string;
  parent: string;
  attributes: Record<string, string>;
}

/** The elements of an XML text, in order; it throws where tags or attributes are not well-formed. */
function elementsOf(xml: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  const body = xml.replace('<?xml version="1.0" encoding="UTF-8"?>', '');
  for (const part of body.split(/(<[^>]*>)/)) {
    if (!part.startsWith('<')) {
      if (/[<>]|&(?!(amp|lt|gt|quot);)/.test(part)) throw new Error(`no text of XML: ${part}`);
      continue;
    }
    const [, end, name = '', rest = '', alone] =
      /^<(\/?)([a-z]+)((?:\s[a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>$/.exec(part) ?? [];
    if (end && open.pop() !== name) throw new Error(`${part} closes nothing`);
    if (name === '') throw new Error(`no tag of XML: ${part}`);
    if (end) continue;
    const attributes = Object.fromEntries(
      [...rest.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    elements.push({ name, parent: open.at(-1) ?? '', attributes });
    if (!alone) open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open}`);
  return elements;
}

const nasty = `]]></failure><b> & "quotes" \u0000\u001b[31m\ud800\uffff`;

const report = runReport(
  [
    blockReport('greet', {
      duration_ms: 1500,
      expectations: [expectationOutcome(), expectationOutcome({ text: 'exits 0' })],
    }),
    blockReport('quiet'),
    blockReport('broken', {
      section: 'step-2',
      heading: 'Step 2: Break',
      status: 'failed',
      why: { message: `exit status 2: ${nasty}`, line: 20, column: 1 },
      expectations: [
        expectationOutcome({ text: nasty, line: 24, status: 'failed', expected: nasty, actual: nasty }),
        expectationOutcome({ text: 'exits 0', status: 'not-run', actual: 'it speaks of a replica’s data' }),
      ],
      stderr: nasty,
    }),
    blockReport('late', {
      section: 'step-3',
      heading: 'Step 3',
      status: 'not-run',
      why: { message: 'an earlier block failed', line: 30, column: 1 },
      duration_ms: 0,
    }),
  ],
  { status: 'failed' },
);

describe('JUnit’s form', () => {
  const xml = junitReport(report);
  const elements = elementsOf(xml);

  it('is well-formed, and of the elements and attributes that the schema knows', () => {
    for (const { name, parent, attributes } of elements) {
      expect(SCHEMA[name]?.inside).toContain(parent);
      expect(SCHEMA[name]?.attributes).toEqual(expect.arrayContaining(Object.keys(attributes)));
      if (name !== 'skipped' && name !== 'failure') expect(attributes.name).toBeTruthy();
    }
    expect(xml).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cs}|\uffff/u);
  });

  it('has a case for each expectation, and for each block that has none or failed for itself', () => {
    const cases = elements
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes }) => [attributes.classname, attributes.name]);
    expect(cases).toEqual([
      ['step-1', 'prints &quot;hello&quot;'],
      ['step-1', 'exits 0'],
      ['step-1', 'quiet'],
      ['step-2', 'broken'],
      ['step-2', expect.stringContaining(']]&gt;&lt;/failure&gt;')],
      ['step-2', 'exits 0'],
      ['step-3', 'late'],
    ]);
  });

  it('counts what it holds', () => {
    expect(elements[0]?.attributes).toMatchObject({ tests: '7', failures: '2', errors: '0', time: '1.580' });
    const suites = elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes);
    expect(suites).toMatchObject([
      {
        name: 'Step 1: Greet',
        tests: '3',
        failures: '0',
        skipped: '0',
        time: '1.540',
        timestamp: '2026-03-01T02:00:00',
      },
      { name: 'Step 2: Break', tests: '3', failures: '2', skipped: '1' },
      { name: 'Step 3', tests: '1', failures: '0', skipped: '1' },
    ]);
  });

  it('says why a case was skipped', () => {
    expect(
      elements.filter(({ name }) => name === 'skipped').map(({ attributes }) => attributes.message),
    ).toEqual(['it speaks of a replica’s data', 'runbook.md:30:1: an earlier block failed']);
  });

  it('is never green where the run was aborted', () => {
    const aborted = runReport([blockReport('late', { status: 'not-run' })], {
      status: 'aborted',
      why: 'the host is unreachable',
    });
    const all = elementsOf(junitReport(aborted));
    expect(all[0]?.attributes).toMatchObject({ tests: '2', errors: '1' });
    expect(all.find(({ name }) => name === 'error')?.attributes.message).toBe('the host is unreachable');
  });
});
