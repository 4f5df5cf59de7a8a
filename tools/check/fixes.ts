import { ATTRIBUTES } from '../document/attributes.ts';
import type { Problem } from '../document/problem.ts';
import { type Edit, type LineSpan, lineSpans } from '../text/edit.ts';
import { nearest } from '../text/nearest.ts';

/** What stands at a problem's place, up to the end of its line; the edit's places count from there, and may be negative. */
type Fix = (rest: string, line: string) => Edit | null;

/** By the rules of problems: the one right remedy, where what stands there leaves no other. */
const FIXES: Record<string, Fix> = {
  checklist(rest) {
    const [brackets] = /^\[\s*(?:[xX]\s*)?\]\s*/.exec(rest) ?? [];
    return brackets === undefined
      ? null
      : { start: 0, end: brackets.length, text: `[${/[xX]/.exec(brackets)?.[0] ?? ' '}] ` };
  },
  'curl-without-fail': (rest) =>
    /^curl(?=\s)/.test(rest) ? { start: 'curl'.length, end: 'curl'.length, text: ' --fail' } : null,
  database(rest, line) {
    const on = /^\s*`{3,}\s*sql\b/.test(line) ? /(?<!\s)\s+on=[^\s}]+/.exec(line) : null;
    if (!on) return null;
    const start = on.index - (line.length - rest.length);
    return { start, end: start + on[0].length, text: '' };
  },
  html: (rest, line) => (rest === line && !rest.includes('<!--') ? { start: 0, end: 0, text: '\n' } : null),
  'unknown-attribute'(rest) {
    const [key = ''] = /^[\w-]+/.exec(rest) ?? [];
    const meant = nearest(key, Object.keys(ATTRIBUTES));
    return meant === null ? null : { start: 0, end: key.length, text: meant };
  },
};

/** The edits that mend what has one right remedy; of a problem that has several, or none, there is no edit. */
export function fixesOf(source: string, problems: readonly Problem[]): { problem: Problem; edit: Edit }[] {
  const lines = lineSpans(source);
  const ending = /\r\n|\r|\n/.exec(source)?.[0] ?? '\n';
  return problems.flatMap((problem) => {
    const span = lines[problem.line - 1] as LineSpan;
    const at = span.start + problem.column - 1;
    const found = Object.hasOwn(FIXES, problem.rule)
      ? FIXES[problem.rule]?.(source.slice(at, span.end), source.slice(span.start, span.end))
      : null;
    if (!found) return [];
    const { start, end, text } = found;
    return [{ problem, edit: { start: at + start, end: at + end, text: text.replace('\n', ending) } }];
  });
}
