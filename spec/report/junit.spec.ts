import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../tools/journal/journal.ts';
import { makeWholePlan } from '../../tools/plan/rehearsal.ts';
import { junitReport } from '../../tools/report/junit.ts';
import { foldReport } from '../../tools/report/report.ts';
import { documentOf } from '../support/document.ts';
import { HERE, performHere } from '../support/perform.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';
import { temporaryDirectory } from '../support/tmp.ts';

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
        expectationOutcome({ text: 'exits 0', status: 'not-run', actual: 'it speaks of the seeded data' }),
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

  it('is well-formed, and nothing in it is without a name', () => {
    for (const { name, attributes } of elements)
      if (/^test|property/.test(name)) expect(attributes.name).toBeTruthy();
    expect(xml).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cs}|\uffff/u);
  });

  it('has a case for each expectation, and for each block that has none or failed for itself', () => {
    const cases = elements
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes }) => [attributes.classname, attributes.name]);
    expect(cases).toEqual([
      ['step-1', 'greet › prints &quot;hello&quot;'],
      ['step-1', 'greet › exits 0'],
      ['step-1', 'quiet'],
      ['step-2', 'broken'],
      ['step-2', expect.stringMatching(/^broken › ]]&gt;&lt;\/failure&gt;/)],
      ['step-2', 'broken › exits 0'],
      ['step-3', 'late'],
    ]);
  });

  it('says where each case that did not pass stands: in its message, and in the text of a failure', () => {
    const places = ['runbook.md:20:1: ', 'runbook.md:24: ', 'runbook.md:11: ', 'runbook.md:30:1: '];
    const messages = elements.flatMap(({ attributes }) => attributes.message ?? []);
    expect(messages.map((message, i) => message.startsWith(places[i] as string))).toEqual(
      places.map(() => true),
    );
    const texts = [...xml.matchAll(/<failure [^>]*>([^<]*)<\/failure>/g)].map(([, text = '']) => text);
    expect(texts).toEqual([
      expect.stringMatching(/^runbook\.md:20:1: exit status 2: ]]&gt;/),
      expect.stringMatching(/^runbook\.md:24: ]]&gt;[\s\S]*\n\nexpected:\n/),
    ]);
  });

  it('says in each suite what page it is of', () => {
    const files = elements.filter(({ attributes }) => attributes.name === 'file');
    expect(files.map(({ parent, attributes }) => [parent, attributes.value])).toEqual([
      ['properties', 'runbook.md'],
      ['properties', 'runbook.md'],
      ['properties', 'runbook.md'],
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
    ).toEqual(['runbook.md:11: it speaks of the seeded data', 'runbook.md:30:1: an earlier block failed']);
  });

  it('is never green where the run was aborted', () => {
    const aborted = runReport([blockReport('late', { status: 'not-run' })], {
      status: 'aborted',
      why: 'the host is unreachable',
    });
    const all = elementsOf(junitReport(aborted));
    expect(all[0]?.attributes).toMatchObject({ tests: '2', errors: '1' });
    expect(all.find(({ name }) => name === 'error')?.attributes.message).toBe('the host is unreachable');
    expect(all.find(({ attributes }) => attributes.classname === 'run')?.attributes.name).toBe(
      'the run of main',
    );
  });
});

describe('what a case is called', () => {
  const document = documentOf(
    '# Shop',
    '## Step 1: Greet',
    '```sh { name=greet on=local }',
    'echo hello; echo hello >&2; exit "$STATUS"',
    '```',
    '**Expected output:**',
    '- prints "hello"',
    '- complains "hello"',
    '- prints "hello"',
    '## Step 2: Part',
    '```sh { name=part on=local }',
    'echo bye',
    '```',
    '**Expected output:**',
    '```text',
    '...',
    'bye',
    '```',
    '## Care',
    '```sh { name=care on=local }',
    'true',
    '```',
  );

  /** The names of suites and cases of a run of everything, in which `greet` ends with this status. */
  async function namesOf(status: string, until?: number): Promise<string[]> {
    const planned = makeWholePlan(document, ['main', 'care', 'main'], HERE);
    if ('problems' in planned) throw new Error(JSON.stringify(planned.problems));
    const home = join(await temporaryDirectory(), '.runbook');
    await performHere(document, planned.plan, { home, environment: { STATUS: status } });
    const events = await readJournal(join(home, 'last'));
    return elementsOf(junitReport(foldReport(events.slice(0, until))))
      .filter(({ name }) => name === 'testsuite' || name === 'testcase')
      .map(({ name, attributes }) => (name === 'testsuite' ? `${attributes.name}:` : `${attributes.name}`));
  }

  const names = [
    'Step 1: Greet:',
    'greet › prints &quot;hello&quot;',
    'greet › complains &quot;hello&quot;',
    'greet › prints &quot;hello&quot; (2)',
    'Step 2: Part:',
    'part › output: bye',
    'Care:',
    'care',
    'Step 1: Greet (2):',
    'greet-2 › prints &quot;hello&quot;',
    'greet-2 › complains &quot;hello&quot;',
    'greet-2 › prints &quot;hello&quot; (2)',
    'Step 2: Part (2):',
    'part-2 › output: bye',
  ];

  it('is block and sentence, and nothing else is called so', async () => {
    expect(await namesOf('0')).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is the same where it did not run: after a failure, and where the run was killed', async () => {
    expect((await namesOf('1')).filter((name) => name !== 'greet')).toEqual(names);
    expect(await namesOf('0', 1)).toEqual([...names, 'The run:', 'the run of all']);
  });
});
