import type { Block, Document, Expectation } from '../document/document.ts';
import { applyEdits, type Edit } from '../text/edit.ts';
import { ended } from './ended.ts';
import { judge } from './judge.ts';
import type { Outcome } from './outcome.ts';
import type { Output } from './output.ts';
import { type Left, rewriteFence } from './rewrite-fence.ts';
import { rewriteSentence } from './rewrite-sentence.ts';
import { type Source, sourceOf } from './source.ts';

/** A block that ran to its end, with what it gave and what became of its expectations. */
export interface Ran {
  block: Block;
  output: Output;
  outcome: Outcome;
}

/** What makes a document say what was seen. */
export interface Rewriting {
  edits: Edit[];
  /** Expectations that differ and have no one right remedy: they stay as they are. */
  left: { line: number; text: string; printed?: string | null }[];
}

type Parse = (bytes: Uint8Array) => Document;

/** One expectation that differed, and its remedy: of sentences each by itself, of a fence the whole of it. */
interface Remedy {
  block: number;
  /** Of its outcome, among those of its block. */
  index: number;
  line: number;
  text: string;
  edits: Edit[] | null;
  /** The patterns of a fence that nothing but their author can change. */
  left?: Left[];
}

/**
 * The edits that make every expectation true which was judged false, and change nothing else: numbers, names and lines
 * are replaced, the sentences and patterns around them stay. Each edit is proved: the document is read again with it, and
 * what ran is judged by that. `parse` reads the bytes of the changed document.
 */
export function rewrite(bytes: Uint8Array, document: Document, ran: readonly Ran[], parse: Parse): Rewriting {
  const source = sourceOf(bytes);
  const remedies = distinct(
    ran.flatMap((one) => remediesOf(source, document.blocks.indexOf(one.block), one)),
  );
  let proved = remedies.filter(({ edits }) => edits !== null);
  for (let wrong = proved; wrong.length > 0; ) {
    wrong = refuted(source, document, proved, ran, parse);
    proved = proved.filter((remedy) => !wrong.includes(remedy));
  }
  const left = remedies.filter((remedy) => !proved.includes(remedy));
  return {
    edits: proved.flatMap(({ edits }) => edits ?? []),
    left: left.flatMap(({ line, text, left: patterns }) => patterns ?? [{ line, text }]),
  };
}

/** A block that ran twice has each of its expectations once. */
const distinct = (remedies: Remedy[]): Remedy[] =>
  [...new Map(remedies.reverse().map((one) => [`${one.block}:${one.index}`, one])).values()].sort(
    (a, b) => a.line - b.line,
  );

/** No secret is written into a document: where something was masked, an expectation stays as it is. */
const MASKED = '***';

function remediesOf(source: Source, index: number, { block, output, outcome }: Ran): Remedy[] {
  const one = ended(block, output);
  const remedy = (at: number, make: () => ReturnType<typeof rewriteFence>): Remedy[] => {
    const found = outcome.expectations[at];
    if (found?.status !== 'failed') return [];
    const made = make();
    const [edits, left] = made && 'left' in made ? [null, made.left] : [made, undefined];
    const isMasked = edits?.some(({ text }) => text.includes(MASKED)) ?? false;
    return [
      {
        block: index,
        index: at,
        line: found.line,
        text: found.text,
        edits: isMasked ? null : edits,
        ...(left && { left }),
      },
    ];
  };
  let at = 0;
  return block.expectations.flatMap((expectation: Expectation) =>
    expectation.kind === 'output'
      ? remedy(at++, () => rewriteFence(source, expectation, output))
      : expectation.sentences.flatMap((sentence) =>
          remedy(at++, () => rewriteSentence(source, sentence, one)),
        ),
  );
}

/** Those remedies after which the expectation is still judged false, or with which the document cannot be read. */
function refuted(
  source: Source,
  document: Document,
  remedies: Remedy[],
  ran: readonly Ran[],
  parse: Parse,
): Remedy[] {
  const changed = applyEdits(
    source.text,
    remedies.flatMap(({ edits }) => edits ?? []),
  );
  const { blocks, problems } = parse(new TextEncoder().encode(changed));
  if (problems.length > 0 || blocks.length !== document.blocks.length) return remedies;
  return remedies.filter((remedy) =>
    ran
      .filter(({ block }) => document.blocks.indexOf(block) === remedy.block)
      .some(({ output }) => {
        const { expectations } = judge(blocks[remedy.block] as Block, output, { examples: true });
        return expectations[remedy.index]?.status !== 'passed';
      }),
  );
}
