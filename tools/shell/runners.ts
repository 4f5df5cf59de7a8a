import { wordsIn } from '../text/words.ts';
import type { Argument } from './argument.ts';
import { hasOption, type OptionGrammar, readOptions } from './options.ts';

/** A program that runs what its further words say. */
export interface Runs {
  /** The words of the command that it runs, the program first. */
  words: readonly Argument[];
  /** It runs them somewhere else: in a container, or on another machine. */
  elsewhere: boolean;
  /** The words are code that a shell reads; without it, they are a program and its arguments. */
  asCode: boolean;
}

type Runner = (args: readonly Argument[]) => Runs | null;

const command = (words: readonly Argument[], elsewhere = false): Runs | null =>
  words.length > 0 ? { words, elsewhere, asCode: false } : null;

/** Runs what stands behind its options and so many operands. */
const behind =
  (grammar: OptionGrammar, operands = 0): Runner =>
  (args) =>
    command(readOptions(args, { stops: true, ...grammar }).operands.slice(operands));

const isAssignment = ({ value }: Argument) => /^\w+=/.test(value);

/** Runs what stands behind its options and assignments. */
const behindAssignments =
  (grammar: OptionGrammar): Runner =>
  (args) => {
    const { operands } = readOptions(args, { stops: true, ...grammar });
    const from = operands.findIndex((one) => !isAssignment(one));
    return from < 0 ? null : command(operands.slice(from));
  };

/** Long options of `docker run`, `exec` and `compose` that take no value. */
const DOCKER_FLAGS = wordsIn(`
  rm detach interactive tty init privileged read-only publish-all quiet no-deps service-ports use-aliases
  build no-TTY quiet-pull remove-orphans dry-run no-healthcheck oom-kill-disable sig-proxy debug tls
  tlsverify help version
`);
const IN_CONTAINER: OptionGrammar = { valued: 'euwvpchlamn', longFlags: DOCKER_FLAGS, stops: true };
const OF_DOCKER: OptionGrammar = { valued: 'Hcl', longFlags: DOCKER_FLAGS, stops: true };
const OF_COMPOSE: OptionGrammar = {
  valued: 'fp',
  longFlags: [...DOCKER_FLAGS, 'compatibility'],
  stops: true,
};

/** A subcommand of docker or of docker compose: `up`, of `docker -H x compose -f y up -d`, and its words. */
export interface DockerCommand {
  compose: boolean;
  verb: string;
  args: readonly Argument[];
}

/** What a `docker`, `podman` or `docker-compose` is told to do; null where nothing. */
export function dockerCommand(program: string, args: readonly Argument[]): DockerCommand | null {
  if (program === 'docker-compose' || program === 'podman-compose') return composeCommand(args);
  const [verb, ...rest] = readOptions(args, OF_DOCKER).operands;
  if (verb?.value === 'compose') return composeCommand(rest);
  if (verb?.value === 'container' && rest[0])
    return { compose: false, verb: rest[0].value, args: rest.slice(1) };
  return verb ? { compose: false, verb: verb.value, args: rest } : null;
}

function composeCommand(args: readonly Argument[]): DockerCommand | null {
  const [verb, ...rest] = readOptions(args, OF_COMPOSE).operands;
  return verb ? { compose: true, verb: verb.value, args: rest } : null;
}

/** The options and operands of a container's command: the operands are the container, or image, and what it runs. */
export const containerOptions = (docker: DockerCommand) =>
  readOptions(docker.args, docker.compose ? { ...IN_CONTAINER, valued: 'euwvp' } : IN_CONTAINER);

const docker =
  (program: string): Runner =>
  (args) => {
    const told = dockerCommand(program, args);
    if (!told || (told.verb !== 'exec' && told.verb !== 'run')) return null;
    const entry = containerOptions(told).options.find(({ name }) => name === '--entrypoint');
    const words = containerOptions(told).operands.slice(1);
    return entry ? command([entry.at, ...words], true) : command(words, true);
  };

const KUBECTL: OptionGrammar = {
  valued: 'ncfloskpv',
  long: wordsIn(`
    namespace container context kubeconfig cluster user server as filename output selector image target
    since tail timeout restart env labels overrides type field-selector patch profile token request-timeout
    sort-by template for replicas
  `),
};

/** kubectl's own words, up to `--`; the first operand is its verb. */
export const kubectlOptions = (args: readonly Argument[]) => {
  const end = args.findIndex(({ value }) => value === '--');
  return readOptions(end < 0 ? args : args.slice(0, end), KUBECTL);
};

const kubectl: Runner = (args) => {
  const [verb, ...operands] = kubectlOptions(args).operands;
  const end = args.findIndex(({ value }) => value === '--');
  if (!['exec', 'run', 'debug'].includes(verb?.value ?? '')) return null;
  return command(end < 0 ? operands.slice(1) : args.slice(end + 1), true);
};

const SSH: OptionGrammar = { valued: 'BbcDEeFIiJLlmOopQRSWwP', stops: true };

/** What ssh is told: its options before and after the host, and the words that the other side’s shell reads. */
export function sshWords(args: readonly Argument[]) {
  const before = readOptions(args, SSH);
  const [host, ...rest] = before.operands;
  const after = readOptions(rest, SSH);
  return { host, options: [...before.options, ...after.options], words: after.operands };
}

const ssh: Runner = (args) => {
  const { words } = sshWords(args);
  return words.length > 0 ? { words, elsewhere: true, asCode: true } : null;
};

const behindDashes: Runner = (args) => {
  const from = args.findIndex(({ value }) => value === '--');
  return from < 0 ? null : command(args.slice(from + 1));
};

/** Runs what stands behind one of its words: `poetry run …`. */
const behindWord =
  (word: string): Runner =>
  (args) =>
    args[0]?.value === word ? command(args.slice(1)) : null;

const SUDO = 'ughpCrtDRTU';
const sudo = behindAssignments({
  valued: SUDO,
  long: ['user', 'group', 'host', 'prompt', 'chdir', 'chroot', 'close-from', 'command-timeout'],
});

const RUNNERS: Readonly<Record<string, Runner>> = {
  sudo,
  doas: behind({ valued: 'Cu' }),
  env: behindAssignments({ valued: 'uSC', long: ['unset', 'chdir', 'split-string'] }),
  nohup: behind({}),
  exec: behind({ valued: 'a' }),
  command: (args) =>
    hasOption(readOptions(args, { stops: true }), '-v', '-V')
      ? null
      : command(readOptions(args, {}).operands),
  builtin: behind({}),
  time: behind({ valued: 'fo' }),
  setsid: behind({}),
  unbuffer: behind({}),
  chronic: behind({}),
  stdbuf: behind({ valued: 'ioe' }),
  nice: behind({ valued: 'n', long: ['adjustment'] }),
  ionice: behind({ valued: 'cnp' }),
  timeout: behind({ valued: 'sk', long: ['signal', 'kill-after'] }, 1),
  gtimeout: behind({ valued: 'sk', long: ['signal', 'kill-after'] }, 1),
  xargs: behind({ valued: 'nIPLdaEs', long: ['max-args', 'max-procs', 'delimiter', 'arg-file', 'replace'] }),
  flock: behind({ valued: 'wE', long: ['timeout', 'wait'] }, 1),
  chroot: behind({ long: ['userspec', 'groups'] }, 1),
  gosu: behind({}, 1),
  'su-exec': behind({}, 1),
  runuser: (args) => behindDashes(args),
  sshpass: behind({ valued: 'pfdP' }),
  op: behindDashes,
  'aws-vault': behindDashes,
  doppler: behindDashes,
  nsenter: behindDashes,
  poetry: behindWord('run'),
  pipenv: behindWord('run'),
  bundle: behindWord('exec'),
  docker: docker('docker'),
  podman: docker('podman'),
  nerdctl: docker('nerdctl'),
  'docker-compose': docker('docker-compose'),
  'podman-compose': docker('podman-compose'),
  kubectl,
  oc: kubectl,
  ssh,
};

/** What a program runs, where it is one that runs others; else null. */
export const runBy = (program: string, args: readonly Argument[]): Runs | null =>
  Object.hasOwn(RUNNERS, program) ? (RUNNERS[program]?.(args) ?? null) : null;

const SHELLS = ['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh'];
export const isShell = (program: string | null): boolean => program !== null && SHELLS.includes(program);

/** How a shell is started: the words of its code or of its file, and what it begins with. */
export interface ShellStart {
  /** `-c CODE`; null where it has none. */
  code: Argument | null;
  /** It reads its standard input: no `-c`, no file. */
  readsInput: boolean;
  /** The file that its code is in; null where it has none. */
  file: Argument | null;
  errexit: boolean;
  pipefail: boolean;
}

/** Reads the words of a `sh`, a `bash` or the like. */
export function shellStart(args: readonly Argument[]): ShellStart {
  const { options, operands } = readOptions(args, {
    valued: 'oO',
    long: ['rcfile', 'init-file'],
    stops: true,
  });
  const named = (option: string) => options.some(({ name, value }) => name === '-o' && value === option);
  const isOn = (flag: string) => options.some(({ name }) => name === flag);
  const asks = isOn('--version') || isOn('--help');
  return {
    code: isOn('-c') ? (operands[0] ?? null) : null,
    readsInput: !asks && !isOn('-c') && (isOn('-s') || operands.length === 0),
    file: isOn('-c') || isOn('-s') ? null : (operands[0] ?? null),
    errexit: isOn('-e') || named('errexit'),
    pipefail: named('pipefail'),
  };
}

/** The code of `su USER -c CODE`; null where it has none. */
export const suCode = (args: readonly Argument[]): Argument | null =>
  readOptions(args, { valued: 'csgG', long: ['command', 'shell', 'group'] }).options.find(({ name }) =>
    ['-c', '--command'].includes(name),
  )?.at ?? null;
