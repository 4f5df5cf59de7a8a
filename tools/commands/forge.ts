import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { markdownReport } from '../report/markdown.ts';
import { isWrong, type RunReport } from '../report/report.ts';
import { printable } from '../report/style.ts';
import { annotationLine } from './annotation.ts';

/**
 * In a workflow of GitHub's, or of a forge that says it is like one: adds the report to the summary of the job, and gives
 * an annotation for each thing that was wrong, as lines to print. Elsewhere nothing. A summary that cannot be written is a
 * warning among the lines: it changes no verdict.
 */
export async function tellForge(
  report: RunReport,
  environment: Record<string, string | undefined>,
): Promise<string[]> {
  if (environment.GITHUB_ACTIONS !== 'true') return [];
  const lines = annotations(report, environment.GITHUB_WORKSPACE);
  const summary = environment.GITHUB_STEP_SUMMARY;
  if (!summary) return lines;
  try {
    await appendFile(summary, `${markdownReport(report)}\n`);
    return lines;
  } catch (error) {
    return [...lines, `warning: the summary of the job cannot be written: ${(error as Error).message}`];
  }
}

/**
 * The words between which a workflow of GitHub's takes nothing in the log for a command of its own: a block may print
 * anything, and whatever it prints is shown. The word that ends it cannot be guessed. Elsewhere none.
 */
export function quietOfForge(environment: Record<string, string | undefined>): {
  begin: string[];
  end: string[];
} {
  if (environment.GITHUB_ACTIONS !== 'true') return { begin: [], end: [] };
  const word = randomUUID();
  return { begin: [`::stop-commands::${word}`], end: [`::${word}::`] };
}

function annotations({ blocks, runbook }: RunReport, workspace: string | undefined): string[] {
  const path = inWorkspace(runbook.path, workspace);
  const failed = blocks.filter(isWrong);
  return failed.flatMap(({ name: title, why, expectations }) => {
    const wrong = expectations.filter(({ status }) => status === 'failed');
    return [
      ...(why ? [{ path, title, ...why }] : []),
      ...wrong.map(({ line, text, expected, actual }) => ({
        ...{ path, title, line, column: 1 },
        message: `${text}\nexpected: ${cut(expected)}\nactual: ${cut(actual)}`,
      })),
    ].map((one) => annotationLine({ ...one, message: printable(one.message) }));
  });
}

/** A forge shows a few lines of an annotation, and the report has the rest. */
const MOST_CHARACTERS = 500;
const cut = (text: string) => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);

/** A forge knows files by their paths in the workspace, wherever the tool was started. */
function inWorkspace(path: string, workspace: string | undefined): string {
  const within = workspace ? relative(workspace, resolve(path)) : path;
  return within.startsWith('..') ? path : within;
}
