import type { BoundSentence, SqlBlock } from '../../document/document.ts';
import type { Report } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import type { ResultShape } from '../../document/result-shape.ts';
import { type Assertion, speaksOfRows } from '../../expect/assertion.ts';
import { judgeRows } from '../../expect/judge-rows.ts';
import type { ResultSet } from '../../expect/subject.ts';
import type { Rule } from '../rule.ts';

/** A sentence that is true of every result that its statement can have proves nothing. */
export const certain: Rule = {
  name: 'cannot-fail',
  check(document, report) {
    for (const block of document.blocks) {
      if (block.language !== 'sql') continue;
      for (const expectation of block.expectations) {
        if (expectation.kind !== 'sentences') continue;
        for (const sentence of expectation.sentences) checkSentence(block, sentence, report);
      }
    }
  },
};

function checkSentence(block: SqlBlock, sentence: BoundSentence, report: Report): void {
  const statement = block.statements[sentence.statement ?? -1];
  const assertion = sentence.compiled?.assertion;
  if (assertion?.of === 'locks' && isReadOnly(block) && !sentence.compiled?.objection)
    report(problems.certain(sentence, sentence.text, 'statements that only read take no such lock'));
  if (!statement || !assertion || sentence.compiled?.objection) return;
  // Of what it speaks of wrongly, another rule tells.
  if (assertion.of === 'changed-rows' && !statement.changes) return;
  const why = statement.shape ? certainty(assertion, statement.shape) : null;
  if (why) report(problems.certain(sentence, sentence.text, why));
}

/** Whether all of it runs in a read-only transaction of the tool's, and in none of its own. */
const isReadOnly = ({ effect, statements }: SqlBlock): boolean =>
  effect === 'reads' && statements.every(({ standing }) => standing === 'within' || standing === 'session');

/** Why a sentence is true of every result of this shape; null where one would make it false. */
function certainty(assertion: Assertion, shape: ResultShape): string | null {
  if (!speaksOfRows(assertion)) return null;
  const ofCells = assertion.of === 'rows' || assertion.of === 'value';
  // What a definition returns has no cells at all: what is said of some is false.
  if (ofCells && !shape.columns) return null;
  const results = ofCells
    ? resultsOf(shape)
    : countsOf(shape).map((rowCount) => resultOf(shape, rowCount, 0));
  // One is made after the other, for most sentences are false of one of the first.
  for (const result of results) if (!judgeRows(assertion, result).passed) return null;
  return ofCells ? 'no value that can stand there would make it false' : (shape.why ?? 'any number would do');
}

const FEW = 3;

/** So many results are of values as they come; before them, each value of a column has its turn. */
const MIXED = 64;

/** Numbers of rows that the statement can return, the least and the most among them. */
function countsOf({ rows: [least, most] }: ResultShape): number[] {
  const some = [least, least + 1, least + 2, 10, 1000, 1_000_000_000, most];
  return some.filter((count) => count >= least && count <= most && Number.isFinite(count));
}

/** Results of the shape in which each value of each column stands, beside the same and different ones of the others. */
function* resultsOf(shape: ResultShape): Generator<ResultSet> {
  const variants = Math.max(1, ...(shape.columns ?? []).map(({ values }) => values.length)) + MIXED;
  const counts = countsOf(shape).filter((count) => count <= FEW);
  for (const rowCount of counts)
    for (let variant = 0; variant < variants; variant += 1)
      yield resultOf(shape, rowCount, variant, rowCount);
}

/** A whole number that tells little of what it is made of, and is the same each time. */
const scattered = (...numbers: number[]): number =>
  numbers.reduce((sum, one) => Math.imul(sum ^ (one + 1), 0x9e3779b1) ^ (sum >>> 15), 7) >>> 8;

function resultOf(shape: ResultShape, rowCount: number, variant: number, kept = 0): ResultSet {
  const columns = shape.columns ?? [];
  const rows = Array.from({ length: kept }, (_, row) =>
    columns.map(({ values }, column) => {
      const turn = variant >= MIXED ? variant - MIXED + row : scattered(variant, column, row);
      return values[turn % values.length] ?? null;
    }),
  );
  return { columns, rows, rowCount, truncated: false };
}
