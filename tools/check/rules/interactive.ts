import { problems } from '../../document/problems.ts';
import type { Argument } from '../../shell/argument.ts';
import { hasOption, readOptions } from '../../shell/options.ts';
import {
  containerOptions,
  dockerCommand,
  isShell,
  kubectlOptions,
  shellStart,
  sshWords,
  suCode,
} from '../../shell/runners.ts';
import type { Call } from '../../shell/script.ts';
import { psqlOf } from '../postgres.ts';
import type { Rule } from '../rule.ts';

/** A block is one shell from its first line to its last. */
export const interactive: Rule = {
  name: 'interactive-shell',
  scripts:
    (report) =>
    ({ block, calls }) => {
      if (block.interactive) return;
      for (const { call, at } of calls) {
        const opens = opened(call);
        if (opens !== null) report(problems.interactiveShell(at, opens));
        else if (asks(call)) report(problems.asksPerson(at, call.program ?? ''));
        else if (leaves(call)) report(problems.exit(at));
      }
    },
};

/** What waits for input, so that what stands after it in the block runs elsewhere or never; null where nothing does. */
function opened(call: Call): string | null {
  const { program, args, input, within } = call;
  if (wantsTerminal(program ?? '', args)) return 'this wants a terminal';
  if (input !== null) return null;
  if (isShell(program)) {
    if (!shellStart(args).readsInput || within.some(({ program }) => wantsTerminal(program ?? '', [])))
      return null;
    return within.some(inContainer) ? IN_CONTAINER : 'this opens a shell';
  }
  switch (program) {
    case 'ssh':
      return opensSession(args) ? 'an ssh session opens a shell' : null;
    case 'sudo':
      return call.args.length > 0 && hasOnlyShell(args) ? 'this opens a shell' : null;
    case 'su':
      return suCode(args) === null ? 'this opens a shell' : null;
    case 'psql': {
      const { commands, file, tells, unknown } = psqlOf(call);
      return commands > 0 || file || tells || unknown ? null : 'psql without a command waits for one';
    }
    default:
      return null;
  }
}

const IN_CONTAINER = 'this opens a shell in a container';

const inContainer = ({ program }: Call) =>
  /^(docker|podman|nerdctl|docker-compose|kubectl|oc)$/.test(program ?? '');

/** Docker refuses `-it` where its input is no terminal. */
function wantsTerminal(program: string, args: readonly Argument[]): boolean {
  if (/^(docker|podman|nerdctl|docker-compose)$/.test(program)) {
    const told = dockerCommand(program, args);
    if (!told || (told.verb !== 'exec' && told.verb !== 'run')) return false;
    const read = containerOptions(told);
    return hasOption(read, '-i', '--interactive') && hasOption(read, '-t', '--tty');
  }
  return /^(kubectl|oc)$/.test(program) && kubectlOptions(args).operands[0]?.value === 'edit';
}

/** Options of ssh that ask, forward or only try to log in. */
const NO_SESSION = ['-N', '-f', '-T', '-O', '-G', '-V', '-Q', '-W'];

function opensSession(args: readonly Argument[]): boolean {
  const { host, options, words } = sshWords(args);
  return host !== undefined && words.length === 0 && !options.some(({ name }) => NO_SESSION.includes(name));
}

/** `sudo -i` and `sudo -s`, with nothing to run. */
function hasOnlyShell(args: readonly Argument[]): boolean {
  const read = readOptions(args, { valued: 'ughpCrtDRTU', stops: true });
  return read.operands.length === 0 && hasOption(read, '-i', '-s', '--login', '--shell');
}

const FULL_SCREEN = /^(vi|vim|nvim|nano|emacs|pico|visudo|htop|mc|screen)$/;

/** Programs that show a screen, open an editor or wait for commands of their own. */
function asks({ program, args, input, piped }: Call): boolean {
  if (program === null) return false;
  const given = args.map(({ value }) => value);
  if (FULL_SCREEN.test(program))
    return program === 'screen'
      ? !given.some((one) => /^-(d|ls|S|X)/.test(one))
      : !piped && !given.includes('--version');
  if (program === 'crontab') return given.includes('-e');
  if (program === 'systemctl') return given[0] === 'edit' && !given.includes('--stdin');
  if (program === 'top') return !given.some((one) => /^-\w*b/.test(one));
  if (program === 'passwd') return input === null && !given.some((one) => /^(-[ludeS]|--)/.test(one));
  if (program === 'redis-cli')
    return (
      input === null &&
      readOptions(args, { valued: 'hpsaurnidtD', long: ['user', 'pass'] }).operands.length === 0 &&
      !given.some((one) => /^--(?!user|pass|tls|no-auth)/.test(one) || one === '-v')
    );
  if (program === 'mysql' || program === 'mariadb')
    return (
      input === null &&
      !given.some((one) => /^(-\w*e|--execute|-V|--version|--help)/.test(one)) &&
      !args.some(({ many }) => many)
    );
  if (program === 'mongosh' || program === 'mongo')
    return (
      input === null &&
      !given.some((one) => /^(--eval|--version|-f|--file|--help)/.test(one) || one.endsWith('.js')) &&
      !args.some(({ many }) => many)
    );
  if (program === 'git')
    return given.includes('rebase') && given.some((one) => one === '-i' || one === '--interactive');
  return false;
}

/** An `exit` of the block’s own: one that says nothing, or that keeps what follows from being run. */
function leaves({ program, args, command, within, shell }: Call): boolean {
  const { commands } = shell.script;
  const at = commands.findIndex((one) => one.command === command);
  if (program !== 'exit' || within.length > 0 || shell.by !== null || at < 0) return false;
  return args.length === 0 || at < commands.length - 1;
}
