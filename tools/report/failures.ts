import { count } from '../text/count.ts';
import { expectationLines, lastLines, whyLine } from './block-lines.ts';
import { type BlockReport, isWrong, type RunReport } from './report.ts';
import type { Screen } from './screen.ts';

/** Whoever sees more than so many goes to the report. */
const MOST_BLOCKS = 3;

/**
 * What failed in a run, or is unknown, once more for who reads its end: each block with its line, what was said of it,
 * both sides of what is not true, and the last that a shell printed. Nothing where nothing failed.
 */
export function failureLines({ blocks, runbook }: RunReport, screen: Screen): string[] {
  const failed = blocks.filter(isWrong);
  const rest = failed.slice(MOST_BLOCKS).map(({ name }) => name);
  return [
    ...failed.slice(0, MOST_BLOCKS).flatMap((block) => ['', ...linesOf(block, runbook.path, screen)]),
    ...(rest.length > 0 ? ['', `and ${count(rest.length, 'more block')}: ${rest.join(', ')}`] : []),
  ];
}

function linesOf(block: BlockReport, path: string, { style, columns }: Screen): string[] {
  const { name, line, status, why, expectations, language } = block;
  const wrong = expectations.filter((one) => one.status === 'failed');
  return [
    `${style.bad(`${status === 'unknown' ? '?' : '✗'} ${name}`)} (${path}:${line})`,
    ...(why ? [`    ${whyLine(why, path, style)}`] : []),
    ...wrong.flatMap((one) => expectationLines(one, path, style, columns ?? 110)),
    ...(language === 'sql' ? [] : lastLines(block, style)),
  ];
}
