import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDocument, unjudgedIn } from '../tools/check/check.ts';
import type { Block } from '../tools/document/document.ts';
import { parseDocument } from '../tools/document/parse.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';
import type { Event } from '../tools/journal/event.ts';
import { readJournal } from '../tools/journal/journal.ts';
import { judge } from '../tools/outcome/judge.ts';
import type { Output } from '../tools/outcome/output.ts';
import { type Ran, rewrite } from '../tools/outcome/rewrite.ts';
import { type HostFacts, makePlan } from '../tools/plan/plan.ts';
import { foldReport, type RunReport } from '../tools/report/report.ts';
import { applyEdits } from '../tools/text/edit.ts';
import { describeRunbook } from '../tools/vitest.ts';

const text = readFileSync('runbook.md', 'utf8');
const blocks = mainBlocks(text);

const { main } = describeRunbook('runbook.md', { replica: 'embedded', data: 'small' });

let events: Event[];
let report: RunReport;
beforeAll(async () => {
  if (!main) throw new Error('main is not rehearsed');
  events = await readJournal(await main.directory());
  report = foldReport(events);
});

function mainBlocks(source: string): Block[] {
  const facts: HostFacts = {
    name: 'replica',
    kind: 'embedded',
    hostNames: ['nas'],
    services: null,
    terminal: false,
  };
  const planned = makePlan(parseDocument('runbook.md', Buffer.from(source), HOST_KINDS), 'main', facts);
  if ('problems' in planned) throw new Error(planned.problems.map(({ message }) => message).join('\n'));
  return planned.plan.steps.flatMap((step) => (step.kind === 'block' ? [step.block] : []));
}

it('leaves nothing of the main procedure out', () => {
  expect(report).toMatchObject({ status: 'passed', procedure: 'main' });
  expect(report.blocks.map(({ name }) => name)).toEqual(blocks.map(({ name }) => name));
});

it('has no problem that check finds, and nothing that no run judges', () => {
  const document = parseDocument('runbook.md', Buffer.from(text), HOST_KINDS);
  expect([...checkDocument(document), ...unjudgedIn(document)]).toEqual([]);
});

describe('a number that is changed is found out at its line', () => {
  for (const { line, column, digits, name } of expectedNumbers()) {
    it(`${digits} at ${line}:${column} (${name})`, () => {
      const lines = text.split('\n');
      const source = lines[line - 1] as string;
      const changed =
        source.slice(0, column - 1) + plusOne(digits) + source.slice(column - 1 + digits.length);
      const mutated = [...lines.slice(0, line - 1), changed, ...lines.slice(line)].join('\n');
      expect(placesOfFailure(mutated, name)).toContain(line);
    });
  }
});

it('with every number changed at once, each is found out, and the document can be rewritten as it was', () => {
  const lines = text.split('\n');
  for (const { line, column, digits } of expectedNumbers().reverse()) {
    const source = lines[line - 1] as string;
    lines[line - 1] =
      source.slice(0, column - 1) + plusOne(digits) + source.slice(column - 1 + digits.length);
  }
  const mutated = Buffer.from(lines.join('\n'));
  const document = parse(mutated);
  const ran = mainBlocks(mutated.toString()).map(({ name }): Ran => {
    const block = document.blocks.find((one) => one.name === name) as Block;
    const output = outputOf(name);
    return { block, output, outcome: judge(block, output, { examples: true }) };
  });
  const { edits, left } = rewrite(mutated, document, ran, parse);
  expect(left).toEqual([]);
  expect(applyEdits(mutated.toString(), edits)).toBe(text);
});

const parse = (bytes: Uint8Array) => parseDocument('runbook.md', bytes, HOST_KINDS);

interface NumberAt {
  line: number;
  column: number;
  digits: string;
  name: string;
}

/** Every number that stands below an `Expected output` or `Example output` of the main procedure. */
function expectedNumbers(): NumberAt[] {
  const source = text.split('\n');
  return blocks.flatMap((block) =>
    block.expectations.flatMap((expectation) => {
      const first =
        expectation.kind === 'output' ? expectation.body.line : (expectation.sentences[0]?.line ?? 0);
      const end = source.findIndex((line, i) => i >= first && /^\s*(```|$|>|\*\*|#)/.test(line));
      const lines = Array.from({ length: end - first + 1 }, (_, i) => first + i);
      return lines.flatMap((line) =>
        [...(source[line - 1] as string).matchAll(/(?<![\w])\d+/g)].map((match) => ({
          line,
          column: match.index + 1,
          digits: match[0],
          name: block.name,
        })),
      );
    }),
  );
}

/** Another number with as many digits. */
const plusOne = (digits: string) => digits.slice(0, -1) + String((Number(digits.at(-1)) + 1) % 10);

/** Judges what the rehearsal really printed by a changed document, which check lets pass: so the run ends with 1. */
function placesOfFailure(mutated: string, name: string): number[] {
  const document = parseDocument('runbook.md', Buffer.from(mutated), HOST_KINDS);
  expect(checkDocument(document)).toEqual([]);
  const block = document.blocks.find((one) => one.name === name) as Block;
  const { expectations } = judge(block, outputOf(name), { examples: true });
  return expectations.filter(({ status }) => status === 'failed').map(({ line }) => line);
}

function outputOf(name: string): Output {
  const finished = events.find((event) => event.type === 'block-finished' && event.name === name);
  if (finished?.type !== 'block-finished' || !finished.output) throw new Error(`${name} has no output`);
  return finished.output;
}
