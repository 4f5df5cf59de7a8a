import { dirname } from 'node:path';
import { Argument, Option } from 'commander';
import { homeIn } from '../text/home.ts';
import type { CommandDefinition } from './command.ts';
import { REPORT_FORMATS, type ReportFormat } from './formats.ts';

export const reportCommand: CommandDefinition<[run?: string], { format: ReportFormat }> = {
  name: 'report',
  description: 'This command prints the report of a run, made from its journal.',
  arguments: [new Argument('[run]', 'This is the id of the run; without it, the newest run is reported.')],
  options: [
    new Option('--format <format>', 'This says how to write the report.')
      .choices(REPORT_FORMATS)
      .default('json'),
  ],
  async action({ runbook, print }, [id = null], { format }) {
    const { report } = await import('./report.ts');
    return report(homeIn(dirname(runbook)), id, format, print);
  },
};
