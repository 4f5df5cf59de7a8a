import { inTextOrder, type Problem } from '../document/problem.ts';
import { count } from '../text/count.ts';
import { annotationLine } from './annotation.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import type { CheckFormat } from './formats.ts';
import { checkNow, checkOnce } from './kept-check.ts';
import { problemLines, readPage } from './page.ts';

/**
 * Prints every problem of a document and runs nothing. Where there is none it prints nothing as text; a person at a
 * terminal is told so. Where it is `strict`, what no run would judge is printed, too, and is wrong. With a `cache`, what
 * was checked before is not checked again.
 */
export async function check(
  path: string,
  { format, strict = false, cache = true }: { format: CheckFormat; strict?: boolean; cache?: boolean },
  print: (line: string) => void,
  tell: (line: string) => void,
): Promise<ExitStatus> {
  const bytes = await readPage(path);
  const checked = cache ? await checkOnce(path, bytes) : (await checkNow(path, bytes)).checked;
  const problems = inTextOrder([...checked.problems, ...(strict ? checked.unjudged : [])]);
  for (const line of WRITERS[format](path, problems)) print(line);
  if (problems.length === 0 && format === 'text')
    tell(`${path}: no problem in ${count(checked.blocks, 'block')}`);
  if (checked.problems.length > 0) return EXIT.refused;
  return problems.length === 0 ? EXIT.passed : EXIT.failed;
}

const WRITERS: Record<CheckFormat, (path: string, problems: Problem[]) => string[]> = {
  text: problemLines,
  json: (path, problems) => [JSON.stringify({ path, problems }, null, 2)],
  github: (path, problems) =>
    problems.map(({ line, column, message, remedy, rule }) =>
      annotationLine({ path, line, column, title: rule, message: `${message}; ${remedy}` }),
    ),
};
