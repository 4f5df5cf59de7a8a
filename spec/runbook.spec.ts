import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../tools/document/parse.ts';
import { makePlan, type TargetFacts } from '../tools/plan/plan.ts';
import type { BlockReport, RunReport } from '../tools/report/report.ts';

const facts: TargetFacts = { name: 'replica', kind: 'embedded', services: null, terminal: false };
const document = parseDocument('runbook.md', readFileSync('runbook.md'));
const planned = makePlan(document, 'main', facts);
if (!('plan' in planned)) throw new Error(planned.problems.map(({ message }) => message).join('\n'));
const blocks = planned.plan.steps.flatMap((step) => (step.kind === 'block' ? [step.block] : []));

/** One rehearsal for all of it; each test then asks what became of its sentence. */
let report: RunReport;
beforeAll(async () => {
  const argv = ['tools/cli.ts', 'rehearse', '--replica', 'embedded', '--data', 'small'];
  const { stdout } = await promisify(execFile)('node_modules/.bin/tsx', argv, { maxBuffer: 1e8 }).catch(
    (error: { stdout: string }) => error,
  );
  const directory = /report: (.+)$/m.exec(stdout)?.[1];
  if (!directory) throw new Error(`the rehearsal made no report:\n${stdout}`);
  report = JSON.parse(readFileSync(`${directory}/report.json`, 'utf8')) as RunReport;
}, 300_000);

const blockOf = (name: string) => report.blocks.find((block) => block.name === name) as BlockReport;

for (const heading of new Set(blocks.map(({ section }) => section.heading))) {
  describe(heading, () => {
    for (const block of blocks.filter(({ section }) => section.heading === heading)) {
      describe(block.name, () => {
        it('runs to its end', () => {
          expect(blockOf(block.name)).toMatchObject({ status: 'passed', why: null });
        });
        for (const expectation of block.expectations) {
          const sentences = expectation.kind === 'sentences' ? expectation.sentences : [];
          for (const { text, line } of sentences) {
            it(`${text} (line ${line})`, () => {
              const found = blockOf(block.name).expectations.find((one) => one.line === line);
              expect(found).toMatchObject({ text, status: 'passed' });
            });
          }
          if (expectation.kind !== 'output') continue;
          it(`prints what line ${expectation.body.line} and on show`, () => {
            const found = blockOf(block.name).expectations.find((one) => one.line === expectation.body.line);
            expect(found?.lines?.filter(({ same }) => !same)).toEqual([]);
            expect(found).toMatchObject({ status: 'passed' });
          });
        }
      });
    }
  });
}

it('leaves nothing of the main procedure out', () => {
  expect(report).toMatchObject({ status: 'passed', procedure: 'main' });
  expect(report.blocks.map(({ name }) => name)).toEqual(blocks.map(({ name }) => name));
});
