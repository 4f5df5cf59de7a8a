import type { Problem } from '../document/problem.ts';
import { applyEdits, composeEdits, type Edit, lineSpans } from '../text/edit.ts';
import { lastAtMost } from '../text/search.ts';
import { fixesOf } from './fixes.ts';

/** Reads a text and gives what is wrong with it. */
type Look = (text: string) => Problem[];

/** A remedy can bring to light what has one, too; and taking one away can spoil another. */
const MOST_PASSES = 10;
const MOST_TRIES = 10;

/**
 * The edits that mend in a text what has one right remedy. All of a pass are made at once, and the text is looked at again
 * until there is nothing more to mend, so that the looks are few, however many the problems. A remedy after which there are
 * as many problems as before, from its line to that of the next one, is none; but those that can be mended in their turn.
 */
export function mend(source: string, look: Look): Edit[] {
  let made: Edit[] = [];
  let now: Looked = { text: source, problems: look(source) };
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = mendOnce(now, look);
    if (!next) break;
    made = composeEdits(source, made, next.edits);
    now = next;
  }
  return made;
}

interface Looked {
  text: string;
  problems: Problem[];
}

function mendOnce({ text, problems }: Looked, look: Look): (Looked & { edits: Edit[] }) | null {
  let groups = byLine(text, apart(fixesOf(text, problems)));
  for (let attempt = 0; attempt < MOST_TRIES && groups.length > 0; attempt++) {
    const edits = groups.flatMap(({ fixes }) => fixes.map(({ edit }) => edit));
    const mended = applyEdits(text, edits);
    const after = { text: mended, problems: look(mended), edits };
    const before = countsOf(
      groups.map(({ line }) => line),
      problems,
      () => true,
    );
    const since = leftIn(groups, linesAfter(text, groups), after);
    const worth = groups.filter((_, i) => (since[i] as number) < (before[i] as number));
    if (worth.length === groups.length) return after;
    groups = worth;
  }
  return null;
}

/** Those of some fixes whose edits neither overlap nor stand at one place. */
function apart(fixes: Fixes): Fixes {
  const kept: Fixes = [];
  for (const fix of [...fixes].sort((a, b) => a.edit.start - b.edit.start)) {
    const last = kept.at(-1)?.edit;
    if (!last || (fix.edit.start >= last.end && fix.edit.start > last.start)) kept.push(fix);
  }
  return kept;
}

type Fixes = ReturnType<typeof fixesOf>;

/** The fixes whose edits begin in a line, counted from 1. */
interface LineFixes {
  line: number;
  fixes: Fixes;
}

function byLine(text: string, fixes: Fixes): LineFixes[] {
  const starts = lineSpans(text).map(({ start }) => start);
  const groups: LineFixes[] = [];
  for (const fix of fixes) {
    const line = lastAtMost(starts, fix.edit.start) + 1;
    const last = groups.at(-1);
    if (last?.line === line) last.fixes.push(fix);
    else groups.push({ line, fixes: [fix] });
  }
  return groups;
}

/** Where the groups' lines are once their edits are made. */
function linesAfter(text: string, groups: LineFixes[]): number[] {
  let more = 0;
  return groups.map(({ line, fixes }) => {
    const now = line + more;
    for (const { edit } of fixes)
      more += lineSpans(edit.text).length - lineSpans(text.slice(edit.start, edit.end)).length;
    return now;
  });
}

/** How many of the problems that count are laid to each of these lines: those up to the next one, and to the first all above it. */
function countsOf(
  lines: number[],
  problems: Problem[],
  isCounted: (problem: Problem, index: number) => boolean,
): number[] {
  const counts = lines.map(() => 0);
  for (const problem of problems) {
    const i = lastAtMost(lines, problem.line);
    if (isCounted(problem, i)) counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
}

/** How many problems each group leaves: what it has only brought to light, and has a remedy of its own, is none of them. */
function leftIn(groups: LineFixes[], lines: number[], { text, problems }: Looked): number[] {
  const fixable = new Set(fixesOf(text, problems).map(({ problem }) => problem));
  const isOwn = ({ rule }: Problem, i: number) =>
    groups[i]?.fixes.some(({ problem }) => problem.rule === rule);
  return countsOf(lines, problems, (problem, i) => !fixable.has(problem) || isOwn(problem, i) === true);
}
