import { checkCommand } from './check.command.ts';
import type { CommandDefinition } from './command.ts';
import { completionCommand } from './completion.command.ts';
import { doctorCommand } from './doctor.command.ts';
import { downCommand } from './down.command.ts';
import { initCommand } from './init.command.ts';
import { openCommand } from './open.command.ts';
import { planCommand } from './plan.command.ts';
import { rehearseCommand } from './rehearse.command.ts';
import { reportCommand } from './report.command.ts';
import { runCommand } from './run.command.ts';
import { runsCommand } from './runs.command.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandDefinition[] = [
  initCommand,
  checkCommand,
  planCommand,
  rehearseCommand,
  openCommand,
  downCommand,
  doctorCommand,
  runCommand,
  reportCommand,
  runsCommand,
  completionCommand(() => COMMANDS),
];
