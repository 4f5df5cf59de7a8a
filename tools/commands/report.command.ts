import { dirname } from 'node:path';
import { Argument, Option } from 'commander';
import { homeIn } from '../text/home.ts';
import type { CommandDefinition } from './command.ts';
import { CommandError, EXIT } from './exit.ts';
import { REPORT_FORMATS, type ReportFormat, TWO_RUNS_FORMATS, type TwoRunsFormat } from './formats.ts';
import { person } from './signals.ts';

const FORMATS = [...new Set([...REPORT_FORMATS, ...TWO_RUNS_FORMATS])];

export const reportCommand: CommandDefinition<
  [run?: string, other?: string],
  { format?: ReportFormat | TwoRunsFormat; serve: boolean }
> = {
  name: 'report',
  description: 'This command prints the report of a run, made from its journal.',
  arguments: [
    new Argument('[run]', 'This is the id of the run; without it, the newest run is reported.'),
    new Argument('[other]', 'This is the id of another run: what is another in it is printed instead.'),
  ],
  options: [
    new Option(
      '--format <format>',
      'This says how to write the report: one run is json where nothing is said, and two are text, markdown or json.',
    ).choices(FORMATS),
    new Option(
      '--serve',
      'The page of the run is shown in a browser, and a run that goes on is followed to its end.',
    )
      .default(false)
      .conflicts('format'),
  ],
  async action({ runbook, print, screen }, [id = null, other], { format, serve }) {
    const home = homeIn(dirname(runbook));
    if (serve) {
      if (other !== undefined)
        throw new CommandError(EXIT.refused, '--serve shows one run: leave the other one out');
      const { serveRun } = await import('./serve-run.ts');
      return serveRun(home, id, screen, person());
    }
    const { report, reportTwo } = await import('./report.ts');
    if (id !== null && other !== undefined)
      return reportTwo(home, [id, other], among(format ?? 'text', TWO_RUNS_FORMATS, 'two runs'), print);
    return report(home, id, among(format ?? 'json', REPORT_FORMATS, 'one run'), print);
  },
};

function among<Format extends string>(format: string, formats: readonly Format[], what: string): Format {
  const found = formats.find((one) => one === format);
  if (found) return found;
  throw new CommandError(EXIT.refused, `--format ${format}: ${what} can be written as ${formats.join(', ')}`);
}
