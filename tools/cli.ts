import { join } from 'node:path';
import { Argument, Command, CommanderError, Option } from 'commander';
import { CHECK_FORMATS, type CheckFormat, check } from './commands/check.ts';
import { CommandError, EXIT, type ExitStatus } from './commands/exit.ts';
import { type PlanOptions, plan } from './commands/plan.ts';
import type { RehearseOptions } from './commands/rehearse.ts';
import { REPORT_FORMATS, type ReportFormat, report } from './commands/report.ts';
import { JournalError } from './journal/journal.ts';
import { InstallError } from './machine/install.ts';
import { CannotRun } from './outcome/output.ts';
import { PostgresError } from './replica/embedded/postgres-programs.ts';
import { ReplicaError } from './replica/replica.ts';
import { styleFor } from './report/style.ts';
import type { Screen } from './report/terminal.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

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
    .option('--runbook <file>', 'the document', 'runbook.md')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  const runbook = () => program.opts<{ runbook: string }>().runbook;

  program
    .command('check')
    .description('report every problem of the document; runs nothing')
    .argument('[file]', 'instead of --runbook')
    .addOption(new Option('--format <format>', 'how').choices([...CHECK_FORMATS]).default('text'))
    .action(
      does((file: string | undefined, { format }: { format: CheckFormat }) =>
        check(file ?? runbook(), format, print),
      ),
    );

  program
    .command('plan')
    .description('what would run, where, with budgets and effects; runs nothing')
    .addArgument(procedureArgument())
    .addOption(new Option('--on <target>', 'where').choices(['replica', 'nas']).default('replica'))
    .action(
      does((procedure: string | undefined, options: Omit<PlanOptions, 'procedure'>) =>
        plan(runbook(), { ...options, procedure: procedure ?? null }, print),
      ),
    );

  program
    .command('rehearse')
    .description('replica up, seed, run, judge, down')
    .addArgument(procedureArgument())
    .addOption(
      new Option('--replica <kind>', 'of what').choices(['auto', 'embedded', 'docker']).default('auto'),
    )
    .addOption(new Option('--data <size>', 'how much').choices(['small', 'medium', 'large']).default('small'))
    .addOption(new Option('--through <way>', 'to a Docker replica, as to the real host').choices(['ssh']))
    .option('--all', 'every procedure, not only the main one', false)
    .option('--keep', 'leave the replica running', false)
    .addOption(
      new Option('--on <id>', 'a replica that --keep left: no start, no seed, and it stays').conflicts([
        ...['replica', 'data', 'through', 'all', 'keep'],
      ]),
    )
    .option('--install', 'install what is missing first', false)
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
    .description('remove a replica that --keep left')
    .argument('[replica]', 'its id; lists them where none is given')
    .action(
      does(async (id: string | undefined) => {
        const { down } = await import('./commands/down.ts');
        return down(join(runbook(), '..', '.runbook'), id ?? null, print);
      }),
    );

  program
    .command('doctor')
    .description('what this machine has and lacks, and what each lack forbids')
    .option('--install', 'install what is missing', false)
    .option(
      '--rehearsal',
      'install what a rehearsal takes and no more; silent where nothing is missing',
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
    .description('for real')
    .argument('<procedure>', 'main, a section’s path, or a block’s name')
    .addOption(new Option('--on <target>', 'where').choices(['nas']).makeOptionMandatory())
    .option('--resume', 'go on behind the last block that passed', false)
    .option('--yes', 'the answer to every question is yes', false)
    .action(
      does(async (procedure: string, options: { resume: boolean; yes: boolean }) => {
        const { runOnHost } = await import('./commands/run.ts');
        const terminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
        return runOnHost(runbook(), { ...options, procedure, terminal }, screen(), interruption());
      }),
    );

  program
    .command('report')
    .description('a run’s report, from its journal')
    .argument('[run]', 'its id; the newest where none is given')
    .addOption(new Option('--format <format>', 'how').choices([...REPORT_FORMATS]).default('json'))
    .action(
      does((id: string | undefined, { format }: { format: ReportFormat }) =>
        report(join(runbook(), '..', '.runbook'), id ?? null, format, print),
      ),
    );

  await program.parseAsync(argv);
  return status;
}

const procedureArgument = () =>
  new Argument('[procedure]', 'a section’s path or a block’s name; the main procedure where none is given');

const screen = (): Screen => ({
  write: (text) => process.stdout.write(text),
  columns: process.stdout.isTTY ? (process.stdout.columns ?? 80) : null,
  style: styleFor(process.stdout, process.env),
});

const interrupted = new AbortController();

/** Aborted at the first Ctrl-C or SIGTERM, so that a run can end what it began. */
function interruption(): AbortSignal {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());
  return interrupted.signal;
}

/** The status for what a command threw; what nobody foresaw keeps its stack. */
function statusOf(error: unknown): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.refused;
  const known = [CommandError, CannotRun, ReplicaError, PostgresError, JournalError, InstallError].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  if (error instanceof CommandError) return error.status;
  if (interrupted.signal.aborted) return EXIT.interrupted;
  return EXIT.cannotRun;
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', () => process.exit(EXIT.passed));

process.exit(await main(process.argv).catch(statusOf));
