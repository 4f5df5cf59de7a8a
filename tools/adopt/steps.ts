import type Token from 'markdown-it/lib/token.mjs';
import type { Change } from './change.ts';
import { languageOf } from './session.ts';

interface Heading {
  rank: number;
  text: string;
  /** Its lines, counted from 0, the second of which is the one behind it. */
  lines: [number, number];
  /** Whether something runs in its section, or below it. */
  runs: boolean;
}

/** Sections that are no part of the way there. */
const ASIDE =
  /\b(?:roll ?back|revert|undo|restore|trouble|common (?:issues|problems|errors)|faq|maintenance|monitoring|appendix|notes?|see also|references?|prerequisites?|requirements?)\b/i;

/** `1. Stop it`, `Step 1 - Stop it`, `1) Stop it`: what stands behind the number. */
const NUMBERED = /^(?:step\s+)?\d{1,3}\s*(?:[.):]|[-–—]\s|\s-\s)\s*(?=\S)/i;

/**
 * Headings that become steps: those of the page that are numbered, or where none is, all of the second rank in which
 * something runs, but for those that lead back or aside. Where the page has steps already, none.
 */
export function stepHeadings(tokens: Token[]): Change[] {
  const headings = headingsOf(tokens);
  if (headings.some(({ rank, text }) => rank === 2 && /^Step \d+:/.test(text))) return [];
  const numbered = headings.filter(({ text }) => NUMBERED.test(text));
  const rank = Math.min(...numbered.map((one) => one.rank));
  const steps =
    numbered.length > 1
      ? numbered.filter((one) => one.rank === rank)
      : headings.filter((one) => one.rank === 2 && one.runs && !ASIDE.test(one.text));
  return steps.map(({ text, lines: [start, end] }, i) => ({
    ...{ start, end },
    lines: [`## Step ${i + 1}: ${withoutNumber(text)}`],
  }));
}

/** A heading without the number that it begins with. */
export const withoutNumber = (text: string): string => text.replace(NUMBERED, '');

function headingsOf(tokens: Token[]): Heading[] {
  const headings: Heading[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'heading_open' && token.map && token.level === 0)
      headings.push({
        rank: Number(token.tag.slice(1)),
        text: tokens[i + 1]?.content ?? '',
        lines: token.map,
        runs: false,
      });
    if (token.type !== 'fence' || languageOf(token.info, token.content) === null) continue;
    let rank = Number.POSITIVE_INFINITY;
    for (let at = headings.length - 1; at >= 0 && rank > 1; at--) {
      const heading = headings[at] as Heading;
      if (heading.rank >= rank) continue;
      heading.runs = true;
      rank = heading.rank;
    }
  }
  return headings;
}
