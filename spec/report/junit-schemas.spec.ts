import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitReport } from '../../tools/report/junit.ts';
import type { RunReport } from '../../tools/report/report.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';

// The schemas contradict each other, so no report is valid by all of them: Surefire's requires the `skipped` of a suite
// that Ant's forbids, and Ant's requires a `system-out` of each suite that Surefire's forbids. What each of them is known
// to refuse of a report stands here, with what is changed before all the rest is validated.

/** A change of a report, by what a schema says without it. */
type Changes = Record<string, (xml: string) => string>;

const without = (pattern: RegExp) => (xml: string) => xml.replaceAll(pattern, '');
const inSuites = (attributes: string) => (xml: string) =>
  xml.replaceAll('<testsuite ', `<testsuite ${attributes} `);

interface Schema {
  file: string;
  /** The documents that it speaks of. */
  documents: (xml: string) => string[];
  changes: Changes;
}

const SCHEMAS: Schema[] = [
  {
    file: 'jenkins-junit-4.xsd',
    documents: (xml) => [xml],
    changes: {
      // Jenkins itself shows the reason from nowhere else, and Surefire's schema has it.
      "Element 'skipped', attribute 'message': The attribute 'message' is not allowed.": without(
        /(?<=<skipped) message="[^"]*"/g,
      ),
    },
  },
  {
    file: 'surefire-test-report.xsd',
    // Surefire writes a file for each suite.
    documents: (xml) => xml.match(/<testsuite [\s\S]*?<\/testsuite>/g) ?? [],
    changes: {
      "Element 'testsuite', attribute 'timestamp': The attribute 'timestamp' is not allowed.":
        without(/ timestamp="[^"]*"/g),
    },
  },
  {
    file: 'ant-junit.xsd',
    documents: (xml) => [xml],
    changes: {
      ...Object.fromEntries(
        ['name', 'tests', 'failures', 'errors', 'time'].map((name) => [
          `Element 'testsuites', attribute '${name}': The attribute '${name}' is not allowed.`,
          without(/(?<=<testsuites)[^>]+/g),
        ]),
      ),
      "Element 'testsuite', attribute 'skipped': The attribute 'skipped' is not allowed.":
        without(/ skipped="\d+"/g),
      "Element 'testsuite': The attribute 'id' is required but missing.": inSuites('id="0"'),
      "Element 'testsuite': The attribute 'package' is required but missing.": inSuites('package=""'),
      "Element 'testsuite': The attribute 'hostname' is required but missing.": inSuites('hostname="here"'),
      "Element 'testsuite': Missing child element(s). Expected is one of ( testcase, system-out ).": (xml) =>
        xml.replaceAll('</testsuite>', '<system-out/><system-err/></testsuite>'),
      "Element 'skipped': This element is not expected. Expected is one of ( error, failure ).":
        without(/<skipped [^>]*\/>/g),
      "Element 'system-out': This element is not expected. Expected is one of ( error, failure ).": without(
        /<system-out>[^<]*<\/system-out>/g,
      ),
    },
  },
];

/** What a schema says of documents, each complaint once. */
async function complaints(file: string, documents: string[]): Promise<string[]> {
  if (documents.length === 0) return [];
  const schema = readFileSync(join(import.meta.dirname, 'schemas', file), 'utf8');
  const xml = documents.map((contents, i) => ({ fileName: `${i}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema });
  const said = errors.map(({ message }) => message.replace(/^Schemas validity error : /, '').trim());
  // Of several documents it also says which of them are not valid.
  return [...new Set(said)].filter((one) => !/^\d+\.xml fails to validate$/.test(one));
}

const changed = (xml: string, changes: Changes) =>
  Object.values(changes).reduce((text, change) => change(text), xml);

const nasty = `]]></failure><b> & "quotes" 'single' \u0000\u0085\u001b[31m\ud800\uffff\r\n\ttab <!-- --> &amp; ☃ 🧨`;
const at = { line: 20, column: 1 };

/** A report of each kind. */
const REPORTS: Record<string, RunReport> = {
  passed: runReport([
    blockReport('greet', {
      duration_ms: 1_234_567,
      expectations: [expectationOutcome(), expectationOutcome({ text: 'exits 0' })],
    }),
    blockReport('quiet'),
    blockReport('next', { section: 'step-2', heading: 'Step 2' }),
    blockReport('greet-2'),
  ]),
  failed: runReport(
    [
      blockReport('judged', {
        status: 'failed',
        expectations: [expectationOutcome({ status: 'failed' }), expectationOutcome({ status: 'not-run' })],
      }),
      blockReport('ended', { status: 'failed', why: { message: 'exit status 1', ...at }, stderr: 'no\n' }),
    ],
    { status: 'failed' },
  ),
  errored: runReport(
    [blockReport('cut-off', { status: 'unknown', why: { message: 'nobody knows', ...at } })],
    {
      status: 'aborted',
    },
  ),
  skipped: runReport([
    blockReport('late', {
      status: 'not-run',
      duration_ms: null,
      why: { message: 'an earlier block failed', ...at },
    }),
  ]),
  carried: runReport([
    blockReport('back-up', { carried: { run: 'r1', at: '2026-03-01T02:00:00.000Z', because: 'probe' } }),
  ]),
  aborted: runReport([], { status: 'aborted', why: 'the host is unreachable' }),
  'vouched for': runReport([blockReport('greet')], {
    unjudged: { blocks: 1, claims: 2, items: 3 },
    rehearsed: { reason: nasty },
  }),
  empty: runReport([]),
  hostile: runReport(
    [
      blockReport('broken', {
        section: '',
        heading: nasty,
        status: 'failed',
        why: { message: nasty, ...at },
        stderr: nasty,
        expectations: [
          expectationOutcome({ text: nasty, status: 'failed', expected: nasty, actual: nasty }),
          expectationOutcome({ text: nasty, status: 'not-run', actual: nasty }),
        ],
      }),
      blockReport('unnamed', { section: '', heading: '' }),
    ],
    { status: 'failed', why: nasty, runbook: { path: nasty, title: nasty, sha256: '00' } },
  ),
};

const everything = Object.values(REPORTS).map(junitReport);

describe.each(SCHEMAS)('$file', ({ file, documents, changes }) => {
  it.each(Object.keys(REPORTS))('accepts, but for what is named here, one that is %s', async (kind) => {
    const xml = junitReport(REPORTS[kind] as RunReport);
    expect(await complaints(file, documents(changed(xml, changes)))).toEqual([]);
  });

  it('refuses all that is named here, and nothing else', async () => {
    const found = new Set<string>();
    // A schema says nothing of what stands behind an element that it refuses: so each is mended before it is asked again.
    for (const xml of everything) {
      const open = { ...changes };
      for (let text = xml; ; ) {
        const refused = (await complaints(file, documents(text))).filter((one) => one in open);
        if (refused.length === 0) break;
        for (const one of refused) {
          found.add(one);
          text = (open[one] as (xml: string) => string)(text);
          delete open[one];
        }
      }
    }
    expect([...found].sort()).toEqual(Object.keys(changes).sort());
  });

  it('refuses `file` and `line` of a case, which is why there are none', async () => {
    const xml = changed(junitReport(REPORTS.passed as RunReport), changes);
    const placed = xml.replace('<testcase ', '<testcase file="runbook.md" line="7" ');
    expect(await complaints(file, documents(placed))).toEqual([
      "Element 'testcase', attribute 'file': The attribute 'file' is not allowed.",
      "Element 'testcase', attribute 'line': The attribute 'line' is not allowed.",
    ]);
  });
});

it('none of them accepts what is no report', async () => {
  for (const { file } of SCHEMAS) expect(await complaints(file, ['<report/>'])).not.toEqual([]);
});
