import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { Caller, CommandDefinition } from './commands/command.ts';
import { endWith } from './commands/ending.ts';
import { CommandError, EXIT, type ExitStatus } from './commands/exit.ts';
import { wasInterrupted } from './commands/signals.ts';
import { COMMANDS } from './commands/table.ts';
import { makeSecrets } from './journal/secrets.ts';
import { printable, styleFor } from './report/style.ts';

/** Runs a command line to its exit status; the only place that knows of the process. */
async function main(argv: string[]): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.passed;
  const program = new Command('runbook')
    .description('An executable runbook is the document, the program and the test.')
    .version(version(), '--version', 'This prints the version of the tool.')
    .option('--runbook <file>', 'This is the document to work on.', 'runbook.md')
    .helpOption('-h, --help', HELP)
    .helpCommand('help [command]', HELP)
    .configureOutput({ writeErr: complain })
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  for (const command of COMMANDS) {
    addCommand(program, command, async (words, options) => {
      status = await command.action(callerWith(program.opts<{ runbook: string }>().runbook), words, options);
    });
  }
  await program.parseAsync(argv);
  return status;
}

const HELP = 'This prints the help of the tool or of a command.';

function addCommand(
  program: Command,
  definition: CommandDefinition,
  call: (words: (string | undefined)[], options: object) => Promise<void>,
): void {
  const command = program.command(definition.name).description(definition.description);
  command.helpOption('-h, --help', HELP);
  for (const argument of definition.arguments) command.addArgument(argument);
  for (const option of definition.options) command.addOption(option);
  // Commander gives the arguments one by one, then the options and the command itself.
  command.action((...given) => call(given.slice(0, -2), command.opts()));
}

const version = () =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

function callerWith(runbook: string): Caller {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  return {
    runbook,
    print,
    tell: (line) => void (process.stdout.isTTY && print(line)),
    screen: {
      write: (text) => process.stdout.write(text),
      // What moves the cursor is for terminals that can: a dumb one is given plain lines.
      columns: process.stdout.isTTY && process.env.TERM !== 'dumb' ? process.stdout.columns || 80 : null,
      style: styleFor(process.stdout, process.env),
    },
  };
}

/**
 * Writes on the standard error what may hold anything: a page's own words, or those of a program such as ssh. Masked again
 * at the end, as control characters may have stood in a secret's middle.
 */
function complain(text: string): void {
  const { mask } = makeSecrets(process.env);
  process.stderr.write(mask(printable(mask(text))));
}

/**
 * What is foreseen is said in its own words; what nobody foresaw keeps its stack. By name, because most of these classes
 * are in modules that not every command loads.
 */
const FORESEEN = new Set([
  'CommandError',
  'CannotRun',
  'ReplicaError',
  'StackError',
  'PostgresError',
  'JournalError',
  'InstallError',
  'Interrupted',
]);

/** The status for what a command threw. */
function statusOf(error: unknown): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.refused;
  const { name, message, stack } = error as Error;
  complain(`${FORESEEN.has(name) ? message : stack}\n`);
  if (error instanceof CommandError) return error.status;
  return wasInterrupted() ? EXIT.interrupted : EXIT.cannotRun;
}

await endWith(main(process.argv).catch(statusOf));
