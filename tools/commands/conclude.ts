import { unjudgedWords } from '../report/effects.ts';
import type { RunReport } from '../report/report.ts';
import { runDirectory } from '../text/home.ts';
import { EXIT, type ExitStatus } from './exit.ts';

/** The line that ends a run for a person, and the status that ends it for a machine. */
export function conclude(
  { totals, status, id, unjudged }: RunReport,
  home: string,
  interrupted: boolean,
): [string, ExitStatus] {
  const { blocks, blocks_passed, expectations, expectations_passed, duration_ms, command_ms } = totals;
  const counts = `${blocks_passed} of ${blocks} blocks and ${expectations_passed} of ${expectations} expectations passed`;
  const times = `in ${(duration_ms / 1000).toFixed(1)} s, of which ${(command_ms / 1000).toFixed(1)} s in blocks`;
  const left = unjudgedWords(unjudged);
  const line = `${counts} ${times}${left && `\n${left}`}\nreport: ${runDirectory(home, id)}`;
  if (interrupted) return [line, EXIT.interrupted];
  return [line, status === 'passed' ? EXIT.passed : status === 'failed' ? EXIT.failed : EXIT.cannotRun];
}
