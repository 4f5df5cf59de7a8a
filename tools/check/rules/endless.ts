import { problems } from '../../document/problems.ts';
import type { Argument } from '../../shell/argument.ts';
import { hasOption, type Options, readOptions } from '../../shell/options.ts';
import { containerOptions, dockerCommand, kubectlOptions, sshWords } from '../../shell/runners.ts';
import type { Call } from '../../shell/script.ts';
import type { Rule } from '../rule.ts';

/** A command that never ends, in a block that must. */
export const endless: Rule = {
  name: 'endless',
  scripts:
    (report) =>
    ({ block, calls }) => {
      if (block.background || block.interactive) return;
      for (const { call, at } of calls) {
        if (isEnded(call)) continue;
        if (Object.hasOwn(ENDLESS, call.program ?? '') && ENDLESS[call.program ?? '']?.(call.args))
          report(problems.endless(at));
      }
    },
};

const isEnded = ({ within, background }: Call) =>
  background || within.some(({ program }) => program === 'timeout' || program === 'gtimeout');

type Endless = (args: readonly Argument[]) => boolean;

const having =
  (valued: string, ...names: string[]): Endless =>
  (args) =>
    hasOption(readOptions(args, { valued }), ...names);

const lacking =
  (valued: string, ...names: string[]): Endless =>
  (args) => {
    const read = readOptions(args, { valued });
    return read.operands.length > 0 && !hasOption(read, ...names, '-V', '-h', '--help', '--version');
  };

const docker =
  (program: string): Endless =>
  (args) => {
    const told = dockerCommand(program, args);
    if (!told) return false;
    const read = containerOptions(told);
    if (told.verb === 'logs') return hasOption(readOptions(told.args, { valued: 'n' }), '-f', '--follow');
    if (told.verb === 'up')
      return told.compose && !hasOption(read, '-d', '--detach', '--wait', '--no-start', '--help');
    if (told.verb === 'stats') return !hasOption(read, '--no-stream');
    if (told.verb === 'events') return !hasOption(read, '--until');
    return told.verb === 'attach';
  };

const kubectl: Endless = (args) => {
  const read = kubectlOptions(args);
  const verb = read.operands[0]?.value;
  if (verb === 'logs') return args.some(({ value }) => /^(-f|--follow|--follow=true)$/.test(value));
  if (verb === 'get') return hasOption(read, '-w', '--watch', '--watch-only');
  return verb === 'port-forward' || verb === 'proxy';
};

/** A tunnel that holds the foreground. */
const ssh: Endless = (args) => {
  const { options } = sshWords(args);
  const has = (name: string) => options.some((one) => one.name === name);
  return has('-N') && !has('-f') && !has('-O');
};

/** `python3 -m http.server`. */
const server: Endless = (args) => args[0]?.value === '-m' && args[1]?.value === 'http.server';

const ofCount = ({ operands }: Options) => operands.filter(({ value }) => /^\d+$/.test(value)).length;

const ENDLESS: Readonly<Record<string, Endless>> = {
  docker: docker('docker'),
  podman: docker('podman'),
  nerdctl: docker('nerdctl'),
  'docker-compose': docker('docker-compose'),
  kubectl,
  oc: kubectl,
  ssh,
  tail: having('cns', '-f', '-F', '--follow'),
  journalctl: having('nuptSUoFMD', '-f', '--follow'),
  dmesg: having('lfnsF', '-w', '-W', '--follow', '--follow-new'),
  watch: lacking('nd', '-g', '--chgexit', '-e', '--errexit'),
  ping: lacking('cCIiwWsStpQlmM', '-c', '-w'),
  tcpdump: (args) => !hasOption(readOptions(args, { valued: 'cCiwrsGW' }), '-c', '-r', '--version', '-D'),
  python: server,
  python3: server,
  sleep: (args) => /^inf/.test(args[0]?.value ?? ''),
  vmstat: (args) => ofCount(readOptions(args, { valued: 'Sp' })) === 1,
  iostat: (args) => ofCount(readOptions(args, { valued: 'jopg' })) === 1,
  stern: (args) => !hasOption(readOptions(args, { valued: 'nlcst' }), '--no-follow', '--version'),
  aws: (args) =>
    args[0]?.value === 'logs' && args[1]?.value === 'tail' && args.some(({ value }) => value === '--follow'),
};
