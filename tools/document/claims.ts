import { stripHtml } from '../text/html.ts';
import type { BlockDraft } from './block.ts';
import type { Claim } from './document.ts';
import type { Line } from './label.ts';
import { LANGUAGES } from './lookalikes.ts';
import type { Part, PartOf } from './part.ts';
import type { Place } from './problem.ts';

/** What a page binds and reports: what stands there is no claim that nobody knows of. */
export interface Known {
  blocks: Pick<BlockDraft, 'expectations'>[];
  checks: Place[];
  problems: Place[];
}

/**
 * The claims of a page, in the order of its text. They are found by their words alone: whoever writes that something
 * should be so, shows what is printed, or ticks what is done, promises a reader what a run does not keep.
 */
export function findClaims(parts: Part[], known: Known): Claim[] {
  const judged = judgedLines(parts, known);
  return parts.flatMap((part, i) => {
    if (judged.has(part.line)) return [];
    switch (part.kind) {
      case 'text':
        return claimsOfText(part, judged, isBlock(parts[i + 1]) ? SENTENCES : [...SENTENCES, ...LEAD_INS]);
      case 'table':
        return claimsOfTable(part, parts.slice(i + 1, part.end), judged);
      case 'heading':
        return isLabel(part.text) ? [claimAt(part, part.text)] : [];
      case 'html':
        return part.text.split('\n').flatMap((text, below) => {
          const at = { line: part.line + below, column: 1 };
          return judged.has(at.line) || !saysSo({ text: text.trim(), lead: text }, SENTENCES)
            ? []
            : [claimAt(at, text)];
        });
      case 'fence':
        return showsOutput(part, parts[i - 1]) ? [claimAt(part, `a \`${part.language}\` fence`)] : [];
      default:
        return [];
    }
  });
}

const MOST_SHOWN = 60;

function claimAt({ line, column }: Place, words: string): Claim {
  const text = words.trim();
  return { line, column, text: text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text };
}

/** The first lines of what is bound, asked or reported, and the lines of labels up to the end of their paragraph. */
function judgedLines(parts: Part[], { blocks, checks, problems }: Known): Set<number> {
  const lines = new Set([...checks, ...problems].map(({ line }) => line));
  for (const expectation of blocks.flatMap(({ expectations }) => expectations)) {
    lines.add(expectation.line);
    if (expectation.kind === 'sentences') for (const { line } of expectation.sentences) lines.add(line);
    else lines.add(expectation.body.line - 1);
  }
  let paragraph: PartOf<'text'> | null = null;
  for (const part of parts) {
    if (part.kind === 'text') paragraph = part;
    if (part.kind !== 'label' || paragraph === null) continue;
    for (let line = part.line; line < paragraph.line + paragraph.lines.length; line++) lines.add(line);
    // The lines of its other labels are among them.
    paragraph = null;
  }
  return lines;
}

/** A column of a table that says what should be. */
const EXPECTED = /^(?:expected|expect|should be|should see)\b/i;

/** A table whose head says that it is one, and whose cells do not say so themselves. */
function claimsOfTable(table: PartOf<'table'>, cells: Part[], judged: Set<number>): Claim[] {
  const [head = []] = table.rows;
  const says = cells.some((cell) => cell.kind === 'text' && claimsOfText(cell, judged, SENTENCES).length > 0);
  return says || !head.some((cell) => EXPECTED.test(cell))
    ? []
    : [claimAt(table, `table: ${head.join(', ')}`)];
}

/** A claim a line at most; one whose words go on in the next line is at the paragraph's first. */
function claimsOfText(part: PartOf<'text'>, judged: Set<number>, sentences: readonly Words[]): Claim[] {
  const found = part.lines.flatMap((line, below) => {
    const at = { line: part.line + below, column: part.column };
    return !judged.has(at.line) && saysSo(line, sentences) ? [claimAt(at, line.text)] : [];
  });
  const whole = part.lines.every((_, below) => !judged.has(part.line + below));
  if (found.length > 0 || !whole || !saysSo({ text: part.text, lead: null }, sentences)) return found;
  return [claimAt(part, part.text)];
}

const saysSo = ({ text, lead }: Line, sentences: readonly Words[]): boolean =>
  (lead !== null && isLabel(lead)) ||
  isLabel(beforeColon(text)) ||
  sentences.some((words) => words.test(text));

const isBlock = (part: Part | undefined): boolean =>
  part?.kind === 'fence' && LANGUAGES.includes(part.language);

const beforeColon = (text: string): string => /^([^:]{1,60}):/.exec(text)?.[1] ?? '';

const isLabel = (words: string): boolean =>
  words !== '' &&
  LABEL.test(
    stripHtml(words, 'comments and tags')
      .text.trim()
      .replace(/(?<!\s)\s*:$/, ''),
  );

/** What stands alone, in bold or italic letters, in a heading, or before a colon. */
const LABEL = new RegExp(
  `^(?:the |an? )?(?:${[
    '(?:(?:expected|sample|example|actual|correct|desired|typical|successful|healthy|good) )?(?:(?:command|console|terminal|screen|query|json|api|http|program|sql|shell) )?(?:outputs?|results?|responses?|outcomes?)(?: (?:is|are|looks like|should be|of .*|\\(.*\\)))?',
    '(?:expected|desired|correct|healthy|successful) .{1,40}',
    '(?:expect|expects|expected|expectations?|expecting|should be|should see|prints|returns|shows|displays|outputs|yields)',
    "(?:you|we)(?: should| will|[’']ll)? (?:see|get)",
    '(?:what (?:you should see|to expect|good looks like)|(?:it |this |that |success )?looks like(?: this| so| the following)?|should look like)',
    '(?:pass(?:es|ed)? (?:if|when)|pass criteria|acceptance criteria|it worked (?:if|when)|done when|success if)',
  ].join('|')})$`,
  'i',
);

const PRINTS = '(?:prints?|shows?|returns?|outputs?|displays?|yields?|lists?|reports?|answers?|responds?)';

const SENTENCES: readonly Words[] = [
  // What an author ticks, or points to with an arrow.
  /^(?:✅|✔|☑|✓|=>|→|⇒|->|➜)\s*\S/u,
  // “You should see …”.
  /\b(?:you|we)(?: should| will| must| ought to|['’]ll)(?: now| then| also| only)? (?:see|get|observe|find|notice)\b/i,
  // “Returns 3 rows”, “Expect no errors”, “Verify that …”.
  /^(?:prints|returns|shows|outputs|displays|yields)\s+\S/i,
  /^(?:expect|expected|verify|confirm|ensure|make sure|check) (?:that |to see |the |there |no |all |exactly |at least |a |an |\d)/i,
  // “The expected result is 4”, “4 is expected”, “The script must print 4”.
  /^(?:success criteria|verification):\s*\S/i,
  /(?:^|[.!?] )(?:the |an? )?(?:expected|desired|correct) (?:outputs?|results?|values?|responses?|answers?) (?:is|are|must|will)\b/i,
  /\b(?:is|are) expected[.:;!]?$/i,
  /\b(?:must|will|shall)(?: now| then| only)* (?:print|output|display|show)\b/i,
  // “The service should be running”.
  new RegExp(
    `\\b(?:should|ought to)(?: now| not| only| all| both| then| also| still| never)* (?:${PRINTS}|say|read|match|contain|include|look|end|exit|succeed|fail|have|equal|be|appear|see)\\b`,
    'i',
  ),
];

/** Whether some words are in a text, in time in proportion to it. */
interface Words {
  test(text: string): boolean;
}

/** Words of the last sentence of a text, which ends with a colon. */
const beforeLastColon = (words: Words): Words => ({
  test: (text) => text.endsWith(':') && words.test(text.slice(text.lastIndexOf('.') + 1)),
});

const RESULT = '\\b(?:output|result|response)s?';
const IS = ' (?:is|are|reads|says|looks|contains?|shows?)\\b';
const RESULT_IS = new RegExp(`${RESULT}${IS}`, 'i');
const RESULT_OF = new RegExp(`${RESULT} of `, 'i');
const THEN_IS = new RegExp(IS, 'i');

/** “The output is”, “The result of the query is”. */
const resultIs: Words = {
  test(text) {
    const of = RESULT_OF.exec(text);
    return RESULT_IS.test(text) || (of !== null && THEN_IS.test(text.slice(of.index + of[0].length)));
  },
};

/** What leads to an output that is shown below; before a block, the same words lead to the block. */
const LEAD_INS = [
  /\b(?:you|we) (?:see|get)\b/i,
  new RegExp(
    `\\b(?:it|this|that|which|command|script|query|statement|call|endpoint|api)(?: now| then)? ${PRINTS}\\b`,
    'i',
  ),
  resultIs,
].map(beforeLastColon);

const OUTPUT =
  /^(?:output|out|stdout|stderr|results?|expected|response|console-output|shell-output|sample)$/i;
const DATA =
  /^(?:json5?|jsonc|ya?ml|xml|csv|tsv|logs?|txt|plain|plaintext|http|html|diff|table|markdown|md)$/i;

/** A fence that is called output; or one of data right behind a block. A `text` fence there is a problem of its own. */
function showsOutput({ language }: PartOf<'fence'>, before: Part | undefined): boolean {
  return OUTPUT.test(language) || (isBlock(before) && DATA.test(language));
}
