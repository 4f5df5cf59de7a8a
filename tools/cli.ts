import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, CommanderError, Option } from 'commander';
import { CHECK_FORMATS, type CheckFormat, check } from './commands/check.ts';
import { endWith } from './commands/ending.ts';
import { CommandError, EXIT, type ExitStatus } from './commands/exit.ts';
import { type PlanOptions, plan } from './commands/plan.ts';
import type { RehearseOptions } from './commands/rehearse.ts';
import { REPORT_FORMATS, type ReportFormat, report } from './commands/report.ts';
import { interruption, person, wasInterrupted } from './commands/signals.ts';
import { JournalError } from './journal/journal.ts';
import { InstallError } from './machine/install.ts';
import { CannotRun } from './outcome/output.ts';
import { ReplicaError } from './replica/replica.ts';
import { styleFor } from './report/style.ts';
import type { Screen } from './report/terminal.ts';
import { Interrupted } from './text/interruption.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);
/** What a person at a terminal likes to be told, and a program does not. */
const tell = (line: string) => process.stdout.isTTY && print(line);

/** Runs a command line to its exit status; the only place that knows of the process. */
async function main(argv: string[]): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.passed;
  const does =
    <A extends unknown[]>(command: (...args: A) => Promise<ExitStatus>) =>
    async (...args: A) => {
      status = await command(...args);
    };
  const program = new Command('runbook')
    .description('An executable runbook: the document, the program and the test.')
    .version(version(), '--version', 'print the version of this tool')
    .option('--runbook <file>', 'the document to work on', 'runbook.md')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  const runbook = () => program.opts<{ runbook: string }>().runbook;

  program
    .command('check')
    .description('report every problem of the document; this runs nothing')
    .argument('[file]', 'the document, instead of the one that --runbook names')
    .addOption(
      new Option('--format <format>', 'how to write the problems')
        .choices([...CHECK_FORMATS])
        .default('text'),
    )
    .action(
      does((file: string | undefined, { format }: { format: CheckFormat }) =>
        check(file ?? runbook(), format, print, tell),
      ),
    );

  program
    .command('plan')
    .description('show what would run, where, with budgets and effects; this runs nothing')
    .addArgument(procedureArgument())
    .addOption(
      new Option('--on <target>', 'where it would run').choices(['replica', 'nas']).default('replica'),
    )
    .action(
      does((procedure: string | undefined, options: Omit<PlanOptions, 'procedure'>) =>
        plan(runbook(), { ...options, procedure: procedure ?? null }, print),
      ),
    );

  program
    .command('rehearse')
    .description('bring a replica up, seed it, run the procedure, judge it, and take the replica down')
    .addArgument(procedureArgument())
    .addOption(
      new Option('--replica <kind>', 'which replica to rehearse on')
        .choices(['auto', 'embedded', 'docker'])
        .default('auto'),
    )
    .addOption(
      new Option('--data <size>', 'which data to seed it with')
        .choices(['small', 'medium', 'large'])
        .default('small'),
    )
    .addOption(
      new Option('--through <way>', 'reach a Docker replica as the real host is reached').choices(['ssh']),
    )
    .option('--all', 'rehearse every procedure, not only the main one', false)
    .option('--keep', 'leave the replica running afterwards', false)
    .addOption(
      new Option(
        '--on <id>',
        'rehearse on a replica that --keep left: no start, no seed, and it stays',
      ).conflicts([...['replica', 'data', 'through', 'all', 'keep']]),
    )
    .option('--install', 'first install what this machine lacks', false)
    .action(
      does(
        async (
          procedure: string | undefined,
          options: Omit<RehearseOptions, 'procedure'> & { install: boolean },
        ) => {
          // Loaded here: no other command needs the replicas' libraries.
          const { rehearse } = await import('./commands/rehearse.ts');
          const { installForRehearsal } = await import('./commands/doctor.ts');
          if (options.install) await installForRehearsal(print);
          return rehearse(runbook(), { ...options, procedure: procedure ?? null }, screen(), interruption());
        },
      ),
    );

  program
    .command('down')
    .description('remove a replica that --keep left, or list those that are there')
    .argument('[replica]', 'the id of the one to remove; without it, they are listed')
    .action(
      does(async (id: string | undefined) => {
        const { down } = await import('./commands/down.ts');
        return down(join(runbook(), '..', '.runbook'), id ?? null, print, tell);
      }),
    );

  program
    .command('doctor')
    .description('say what this machine has and lacks, and what each lack forbids')
    .option('--install', 'first install what this machine lacks', false)
    .option(
      '--rehearsal',
      'only install what a rehearsal takes, and say nothing where all of it is there',
      false,
    )
    .action(
      does(async ({ install, rehearsal }: { install: boolean; rehearsal: boolean }) => {
        const { doctor, installForRehearsal } = await import('./commands/doctor.ts');
        if (rehearsal) return installForRehearsal(print);
        return doctor(install, styleFor(process.stdout, process.env), print);
      }),
    );

  program
    .command('run')
    .description('run a procedure for real')
    .argument('<procedure>', 'main, the path of a section, or the name of a block')
    .addOption(new Option('--on <target>', 'where to run it').choices(['nas']).makeOptionMandatory())
    .option('--resume', 'go on behind the last block that passed', false)
    .option('--yes', 'answer yes to every question', false)
    .action(
      does(async (procedure: string, options: { resume: boolean; yes: boolean }) => {
        const { runOnHost } = await import('./commands/run.ts');
        return runOnHost(runbook(), { ...options, procedure }, screen(), person());
      }),
    );

  program
    .command('report')
    .description('print the report of a run, made from its journal')
    .argument('[run]', 'the id of the run; without it, the newest')
    .addOption(
      new Option('--format <format>', 'how to write the report').choices([...REPORT_FORMATS]).default('json'),
    )
    .action(
      does((id: string | undefined, { format }: { format: ReportFormat }) =>
        report(join(runbook(), '..', '.runbook'), id ?? null, format, print),
      ),
    );

  await program.parseAsync(argv);
  return status;
}

const version = () =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

const procedureArgument = () =>
  new Argument(
    '[procedure]',
    'the path of a section, or the name of a block; without it, the main procedure',
  );

const screen = (): Screen => ({
  write: (text) => process.stdout.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns || 80 : null,
  style: styleFor(process.stdout, process.env),
});

/** What is foreseen is said in its own words; what nobody foresaw keeps its stack. */
const FORESEEN = [CommandError, CannotRun, ReplicaError, JournalError, InstallError, Interrupted];

/** The status for what a command threw. */
function statusOf(error: unknown): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.refused;
  const known = FORESEEN.some((kind) => error instanceof kind);
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  if (error instanceof CommandError) return error.status;
  return wasInterrupted() ? EXIT.interrupted : EXIT.cannotRun;
}

await endWith(main(process.argv).catch(statusOf));
