import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endBeyond } from '../../tools/host/beyond.ts';
import { type Host, makeHost } from '../../tools/host/host.ts';
import { identify } from '../../tools/host/identity.ts';
import { listBlocks, sweepBlocks } from '../../tools/host/leftover.ts';
import { localHost } from '../../tools/host/local.ts';
import { behindMark } from '../../tools/host/noise.ts';
import { relayTo } from '../../tools/host/relay.ts';
import { serviceStates } from '../../tools/host/services.ts';
import { runShell } from '../../tools/host/shell.ts';
import type { Start } from '../../tools/host/start.ts';
import { END, FOLLOW, MARK, SUPERVISE } from '../../tools/host/supervisor.ts';
import { preflightQuestion } from '../../tools/plan/preflight.ts';
import { ASK } from '../../tools/replica/docker/health.ts';
import { describeWith } from '../support/requires.ts';
import { newRunId } from '../support/run-id.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { newerThanBash32 } from './newer-bash.ts';

/** A host that is told to start something, and starts nothing. */
const deaf = (start: Start): Host => makeHost({ name: 'nas', start, inside: () => deaf(start) });

const nowhere = () => {
  throw new Error('no server is asked');
};

const BLOCK = { run: '', name: '', attempt: 1, unit: 'run/block.1', directory: '' };

/** What each file that has a shell's programs does to have them started. */
const STARTS: Record<string, (start: Start) => unknown> = {
  'tools/host/beyond.ts': (start) => endBeyond(deaf(start), undefined, 'run/block.1'),
  'tools/host/host.ts': (start) => deaf(start).services(),
  'tools/host/identity.ts': (start) => identify('nas', start, nowhere, null),
  'tools/host/leftover.ts': async (start) => {
    await listBlocks(start).catch(() => undefined);
    await sweepBlocks(start, [
      { ...BLOCK, state: 'ended', pid: null, group: null, ageMs: null, exitStatus: null },
    ]);
  },
  'tools/host/link.ts': (start) => {
    for (const program of [SUPERVISE, FOLLOW]) start(['bash', '--norc', '-c', program]);
  },
  'tools/host/noise.ts': (start) => start(behindMark('a mark', ['docker'])),
  'tools/host/relay.ts': (start) => relayTo(start).on('error', () => undefined),
  'tools/host/shell.ts': (start) => start(['bash', '--norc', '-c', END]),
  'tools/plan/preflight.ts': (start) => start(preflightQuestion(['docker'])),
  'tools/replica/docker/health.ts': (start) => start(['sh', '-c', ASK]),
};

/** The scripts that are started so: of `bash -c` and `sh -c`, and any that these are given as a word. */
async function scriptsOf(starts: (start: Start) => unknown): Promise<string[]> {
  const words: string[] = [];
  const start: Start = (argv) => {
    words.push(...argv);
    return spawn('true', { stdio: 'pipe' });
  };
  await Promise.resolve(starts(start)).catch(() => undefined);
  return words.filter((word) => /[;\n]/.test(word));
}

/** What bash 3.2 refuses without harm, or is not asked for by its version: behind it stands what is done then. */
const TRIED = ['wait -n', "printf -v __n '%(%s)T' -1", 'read -r -t 0.001 -u 180', 'mapfile -d "" a'];

describe('what is sent to hosts needs no newer bash than 3.2', () => {
  it.each(Object.entries(STARTS))('%s', async (_, starts) => {
    const scripts = await scriptsOf(starts);
    expect(scripts).not.toEqual([]);
    expect(scripts.flatMap(newerThanBash32).filter((found) => !TRIED.includes(found))).toEqual([]);
  });

  it('from whichever file', () => {
    const files = ['host', 'plan', 'commands', 'journal', 'replica'].flatMap((room) =>
      readdirSync(`tools/${room}`, { recursive: true, encoding: 'utf8' }).map(
        (name) => `tools/${room}/${name}`,
      ),
    );
    const sending = files
      // What it names is for a person to type.
      .filter((file) => file.endsWith('.ts') && file !== 'tools/commands/leftovers.ts')
      .filter((file) => /'(ba)?sh',( '--norc',)? '-c'/.test(readFileSync(file, 'utf8')));
    expect(sending.sort()).toEqual(Object.keys(STARTS));
  });

  it.each([
    ['declare -A x', 'declare -A x'],
    ['local -n x=y', 'local -n x=y'],
    ['local -', 'local -'],
    ['echo ${x,,}', 'another case of letters'],
    ['echo "${x^}"', 'another case of letters'],
    ['echo "${x@Q}"', 'a transformation, `@`'],
    ['echo "${x:0:-1}"', 'a negative length'],
    ['echo "${x[-1]}"', 'a negative index'],
    ['mapfile -t x <y', 'mapfile -t x'],
    ['readarray x <y', 'readarray x'],
    ['coproc x { y; }', 'a coprocess'],
    ['x |& y', '`|&`'],
    ['x &>>y', '`&>>`'],
    ["printf '%(%F)T' -1", "printf '%(%F)T' -1"],
    ['echo $EPOCHSECONDS', '$EPOCHSECONDS'],
    ['echo "${BASHPID}"', '$BASHPID'],
    ['wait -n', 'wait -n'],
    ['[[ -v x ]]', '[[ -v ]]'],
    ['[ -v x ]', '[ -v x ]'],
    ['exec {x}>y', '{x}, a descriptor that bash chooses'],
    ['shopt -s inherit_errexit', 'shopt -s inherit_errexit'],
    ['shopt -s globstar', 'shopt -s globstar'],
    ['read -r -t 0.5 x', 'read -r -t 0.5 x'],
    ['case x in y) a ;;& z) b ;; esac', '`;;&`'],
    ['x=$(case y in z) a ;; esac)', 'a case without `(` in $(…)'],
    ["echo $'\\u00e9'", '`\\u`'],
    ['echo {01..10}', 'a step or zeros in {…}'],
  ])('%s would be seen', (script, what) => {
    expect(newerThanBash32(`true; "$(${script}\n)" && true`).join('\n')).toContain(what);
  });

  it('and what that one knows is not', () => {
    const known = [
      'declare -a x; local x=1; read -r -t 1 -u 9 -d "" x; printf -v x %s y; wait "$!"; [ -n "$x" ]',
      'case x in y) a ;; esac; x=$(case y in (z) a ;; esac); echo "${x:1:2}${x//a/b}${x%%.*}${!x}" &>y',
      "exec 9<>x 8>&1; x+=(y); [[ x =~ y ]]; echo $'\\n' {1..3}; shopt -s extglob; trap - EXIT; cat <<<x",
    ];
    expect(known.flatMap(newerThanBash32)).toEqual([]);
  });
});

/** A bash that answers as 3.2 does where it is asked for its version, and to what that one refuses. */
const asOld = (program: string): string =>
  program
    .replaceAll('"${BASH_VERSINFO[0]}"', '3')
    .replaceAll("printf -v __n '%(%s)T' -1", 'false')
    .replaceAll('wait -n', '(exit 2)');

describe.each<[string, (argv: string[]) => string[], Record<string, string>]>([
  ['as old as 3.2', (argv) => argv.map(asOld), {}],
  ['in POSIX’s mode', (argv) => argv, { POSIXLY_CORRECT: '1' }],
])('a bash %s', (_, change, environment) => {
  it('runs a block, and gives all of it', async () => {
    const directory = await temporaryDirectory();
    const there = { ...environment, RUNBOOK_STATE: join(directory, 'state') };
    const start: Start = (argv) => localHost({ directory, environment: there }).start(change(argv));
    const unit = '20260301-020000-abcd/block.1';
    const script = {
      ...{ name: 'runbook.md', line: 3, cwd: null, environment: { GIVEN: 'it’s "this"' }, timeoutMs: 60_000 },
      text: 'echo "$GIVEN"; echo warned >&2; export LEFT="a\nb"; (exit 7)',
    };
    const run = { unit, begun: null, record: async () => undefined, onLine: () => undefined };
    const { output, forget } = await runShell({ name: 'a host', start }, script, {
      ...run,
      signal: new AbortController().signal,
    });
    expect(output).toMatchObject({
      exitCode: 7,
      stdout: { text: 'it’s "this"\n' },
      stderr: { text: 'warned\n' },
      exports: { LEFT: 'a\nb' },
    });
    const blocks = async () => (await listBlocks(start)).filter((one) => one.directory.startsWith(directory));
    expect(await blocks()).toMatchObject([{ unit, exitStatus: 7 }]);
    await forget();
    expect(await blocks()).toEqual([]);
  });
});

/** Where the specs run, `sh` is dash. */
const SHELLS = ['busybox sh', 'bash --posix'];

describeWith(['busybox'], 'what `sh` is asked to do', () => {
  describe.each(SHELLS)('where that is %s', (shell) => {
    /**
     * A host where `sh` is that shell, whose login files print something, and whose `docker` has the host itself for its
     * only container.
     */
    const machine = async (): Promise<Host> => {
      const directory = await temporaryDirectory();
      const bin = join(directory, 'bin');
      await mkdir(bin);
      const program = async (name: string, text: string) =>
        writeFile(join(bin, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
      await program('sh', `exec ${shell} "$@"`);
      await program(
        'docker',
        'case "$2" in config) printf "shop\\nshelf\\n" ;; ps) echo shop ;; exec) [ "$4" = shop ] || exit 1; shift 4; exec "$@" ;; esac',
      );
      const environment = { PATH: [bin, process.env.PATH].join(delimiter) };
      const { start } = localHost({ directory, environment });
      const greeting = ['bash', '-c', 'echo Welcome to the NAS; exec "$@"', 'bash'];
      const host: Host = makeHost({
        ...{ name: 'nas', start: (argv) => start([...greeting, ...argv]), inside: () => host },
      });
      return host;
    };

    it('says which machine it is, and which services there are', async () => {
      const host = await machine();
      expect(await host.identity(null)).toMatchObject({
        host: hostname(),
        machine_id: readFileSync('/etc/machine-id', 'utf8').trim(),
        directory: expect.stringContaining('runbook-test-'),
      });
      expect(await host.services()).toEqual(['shop', 'shelf']);
      expect(await serviceStates(host)).toEqual({ running: ['shop'], stopped: ['shelf'] });
    });

    it('ends what a block began inside of a container, and nothing else', async () => {
      const host = await machine();
      const unit = `${newRunId()}/block.1`;
      const [marked, other] = [unit, `${unit}0`].map((value) =>
        spawn('sleep', ['60'], { env: { ...process.env, [MARK]: value } }),
      );
      const ended = once(marked as NonNullable<typeof marked>, 'exit');
      expect(await endBeyond(host, undefined, unit)).toBeNull();
      expect(await ended).toEqual([null, 'SIGTERM']);
      expect(other?.exitCode).toBeNull();
      other?.kill();
    });
  });
});
