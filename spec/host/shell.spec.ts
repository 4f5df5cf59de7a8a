import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../tools/host/host.ts';
import { localHost } from '../../tools/host/local.ts';
import { runShell, type ShellRun, type ShellScript } from '../../tools/host/shell.ts';
import type { Start } from '../../tools/host/start.ts';
import { SUPERVISE } from '../../tools/host/supervisor.ts';
import type { Begun } from '../../tools/outcome/fact.ts';
import { CannotRun } from '../../tools/outcome/output.ts';
import { appears } from '../support/awaiting.ts';
import { newRunId } from '../support/run-id.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const never = new AbortController().signal;

async function shell(
  text: string,
  { host = localHost({ directory: '/' }), ...more }: Partial<ShellScript> & { host?: Host } = {},
  onLine = (_: string) => {},
  signal = never,
) {
  const script = {
    name: 'runbook.md',
    text,
    line: 57,
    cwd: null,
    environment: {},
    timeoutMs: 20_000,
    ...more,
  };
  const { output, forget } = await runShell(host, script, { ...newRun(), onLine, signal });
  await forget();
  return output;
}

/** A run of a block that begins now, which nobody watches or records. */
const newRun = (): ShellRun => ({
  unit: `${newRunId()}/block.1`,
  begun: null,
  record: async () => undefined,
  onLine: () => undefined,
  signal: never,
});

describe('a block is one shell', () => {
  it('gives standard output, standard error and the exit status', async () => {
    const output = await shell('echo out; echo err >&2; exit 3');
    expect(output).toMatchObject({
      exitCode: 3,
      stdout: { text: 'out\n' },
      stderr: { text: 'err\n' },
      timedOut: false,
    });
  });

  it.each([
    ['the words of its processes', `tr '\\0' ' ' <"/proc/$$/cmdline" | tail -c 400; echo`],
    ['all variables of its shell', 'set | tail -c 4000; declare -p'],
  ])('ends at once and whole where it prints %s', async (_, prints) => {
    const output = await shell(`${prints}; export PRINTED=all; echo on; exit 3`);
    expect(output).toMatchObject({ exitCode: 3, timedOut: false, exports: { PRINTED: 'all' } });
    expect(output.stdout.text).toMatch(/[\s\S]{200}\non\n$/);
  });

  it('stops at the first failure, also in a pipe and of an unset variable', async () => {
    expect((await shell('false; echo on')).stdout.text).toBe('');
    expect((await shell('false | true; echo on')).stdout.text).toBe('');
    expect((await shell('echo $NO_SUCH_THING; echo on')).stdout.text).toBe('');
  });

  it('names the line of the runbook in bash’s own messages', async () => {
    const { stderr, exitCode } = await shell('true\n\nno-such-command');
    expect(stderr.text).toBe('runbook.md: line 59: no-such-command: command not found\n');
    expect(exitCode).toBe(127);
  });

  it('is not swallowed by a command that reads standard input', async () => {
    expect((await shell('cat; read -r line || echo empty\necho after')).stdout.text).toBe('empty\nafter\n');
  });

  it('keeps bytes as they are', async () => {
    const { stdout } = await shell("printf 'a\\0b\\377\\n'");
    expect(stdout.bytes).toBe(5);
  });

  it.each([511, 2046, 2047, 2048, 2049])(
    'keeps what is printed around %d bytes and a NUL',
    async (length) => {
      const text = `${'é'.repeat(length >> 1)}${length % 2 ? 'a' : ''}`;
      const { stdout, stderr } = await shell(`printf '%s\\0\\0b' '${text}'; printf '\\0%s' '${text}' >&2`);
      expect([stdout.text, stderr.text]).toEqual([`${text}\0\0b`, `\0${text}`]);
    },
  );

  it('says what was exported, whatever is in it', async () => {
    const { exports } = await shell("export A=$'two\\nlines \"and\" = \\'quotes\\'' B=; C=hidden; A2=x");
    expect(exports).toEqual({ A: 'two\nlines "and" = \'quotes\'', B: '' });
  });

  it('leaves out what each shell makes for itself, and lets nobody set', async () => {
    const { exports } = await shell('export A=1 BASHOPTS SHELLOPTS UID EUID PPID');
    expect(exports).toEqual({ A: '1' });
  });

  it('names what was exported and is no text, and gives the rest', async () => {
    const output = await shell("export A=$'caf\\xe9.txt' B=café");
    expect(output).toMatchObject({ exports: { B: 'café' }, unreadable: ['A'] });
  });

  it('marks what it begins in containers where it is given a PATH, and gives none with a directory of its own', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'docker'), '#!/bin/sh\necho "$0 $*"\n', { mode: 0o755 });
    const first = await shell(`export PATH="${directory}:$PATH"; docker compose exec db true`);
    const environment = { PATH: first.exports.PATH ?? '' };
    expect(environment.PATH).toBe(`${directory}:${process.env.PATH}`);
    const { stdout, exports } = await shell('docker compose exec db true; export PATH', { environment });
    expect(stdout.text).toMatch(/\/docker compose exec -e RUNBOOK_BLOCK=\S+ -e PGAPPNAME=.* db true\n$/);
    expect(exports).toEqual({});
  });

  it('says what was exported before an explicit exit, and past a trap of the block’s own', async () => {
    expect((await shell('export A=1; exit 0')).exports).toEqual({ A: '1' });
    expect((await shell("trap 'echo bye' EXIT; export A=1")).exports).toEqual({ A: '1' });
  });

  it('sees the environment that it is given, and does not export it again', async () => {
    const output = await shell('echo "$GREETING"', { environment: { GREETING: "it's $HOME" } });
    expect(output.stdout.text).toBe("it's $HOME\n");
    expect(output.exports).toEqual({});
  });

  it('runs in the directory that it names', async () => {
    expect((await shell('pwd', { cwd: '/usr' })).stdout.text).toBe('/usr\n');
  });

  it('takes a script of a megabyte', async () => {
    const { stdout } = await shell(`${'# a comment that goes on\n'.repeat(40_000)}echo end`);
    expect(stdout.text).toBe('end\n');
  });

  it('has one directory for its files while it runs, which nobody else may read, and none afterwards', async () => {
    const state = await temporaryDirectory();
    const host = localHost({ directory: '/', environment: { RUNBOOK_STATE: state } });
    const modes: string[] = [];
    const look = () => {
      const [run = ''] = readdirSync(state);
      const files = readdirSync(join(state, run, 'block.1')).map((name) => join(state, run, 'block.1', name));
      for (const path of [join(state, run), ...files]) modes.push((statSync(path).mode & 0o77).toString(8));
    };
    const { exports } = await shell('export TOKEN=hunter2; echo begun', { host }, look);
    expect(new Set(modes)).toEqual(new Set(['0']));
    expect({ exports, left: readdirSync(state) }).toEqual({ exports: { TOKEN: 'hunter2' }, left: [] });
  });

  it('makes its directory also where another block makes that of the run at the same moment', async () => {
    const [state, bin] = [await temporaryDirectory(), await temporaryDirectory()];
    const real = '"$(PATH=/usr/bin:/bin command -v mkdir)"';
    const script = `#!/bin/sh\n[ -e '${bin}/made' ] || { : >'${bin}/made'; ${real} "$1"; }\nexec ${real} "$@"\n`;
    await writeFile(join(bin, 'mkdir'), script, { mode: 0o700 });
    const host = localHost({
      directory: '/',
      environment: { RUNBOOK_STATE: state, PATH: `${bin}:${process.env.PATH}` },
    });
    const { stdout } = await shell('echo ran', { host });
    expect([stdout.text, existsSync(join(bin, 'made'))]).toEqual(['ran\n', true]);
  });

  it('has its directory below the temporary one where there is no home to write to', async () => {
    const directory = await temporaryDirectory();
    const home = { HOME: '/proc/nowhere', XDG_STATE_HOME: '', TMPDIR: directory };
    const host = localHost({ directory: '/', environment: home });
    const found: string[] = [];
    await shell('echo begun', { host }, () => found.push(...readdirSync(directory)));
    expect(found).toEqual([`runbook-${process.getuid?.()}`]);
  });

  it('says where it can make no directory', async () => {
    const nowhere = { HOME: '/proc/nowhere', XDG_STATE_HOME: '', TMPDIR: '/proc/elsewhere' };
    const running = shell('true', { host: localHost({ directory: '/', environment: nowhere }) });
    await expect(running).rejects.toThrow(
      /^the shell could not begin its block: no directory can be made for it, .*\/proc\/nowhere.*\/proc\/elsewhere/,
    );
  });

  it.each([
    ['takes them apart otherwise', 'IFS=,'],
    ['exports all', 'set -a'],
    ['shows what it does', 'set -x'],
    ['reads no patterns', 'set -f'],
    ['prints before each command', "set -T; trap 'echo A=1; echo B=2 >&2' DEBUG"],
    ['has names like the tool’s', '__dir=/nonexistent __at=/nonexistent __name=x __value=y __quoted=z'],
    ['has functions like builtins', 'read() { :; }; printf() { :; }; compgen() { :; }'],
    ['exports arrays', 'declare -A A=([k]=v); B=(); C=(x y); export A B C'],
    ['has other descriptors', 'exec 3>/dev/null 9</dev/null 10>/dev/null 99>&1 200>/dev/null'],
  ])('says what was exported by a shell that %s, and nothing else', async (_, text) => {
    const output = await shell(`${text}\nexport SHOWN='a,*'`, { environment: { PGPASSWORD: 'hunter2' } });
    expect(output).toMatchObject({ exitCode: 0, exports: { SHOWN: 'a,*' } });
    expect(Object.keys(output.exports)).toEqual(['SHOWN']);
    expect(output.stderr.text).not.toContain('hunter2');
  });

  it('fails with words where its end cannot be written, and at once', async () => {
    const text = 'exec 9>&1; mkdir "$(dirname "$(readlink /proc/self/fd/9)")/end"; echo on';
    const output = await shell(text);
    expect(output).toMatchObject({ exitCode: 1, timedOut: false, stdout: { text: 'on\n' } });
    expect(output.stderr.text).toMatch(/^runbook: nothing can be written to \/\S+ any more\n$/);
  });

  it('fails with words where what it exported cannot be written', async () => {
    const output = await shell("export LARGE=$(printf '%9000s' .); trap '' XFSZ; ulimit -f 4");
    expect(output).toMatchObject({ exitCode: 1, exports: {} });
    expect(output.stderr.text).toBe('runbook: what it exported cannot be written\n');
  });

  it('says nothing of its own where later blocks are given more than a program can be', async () => {
    const environment = { LARGE: 'x'.repeat(200_000), PATH: process.env.PATH ?? '' };
    expect(await shell(':', { environment })).toMatchObject({ exitCode: 0, stderr: { text: '' } });
  });

  it('passes also where it closes what is not its own', async () => {
    const text = 'for fd in /proc/self/fd/*; do (( ${fd##*/} < 3 )) || eval "exec ${fd##*/}>&-"; done';
    expect(await shell(text)).toMatchObject({ exitCode: 0, stderr: { text: '' } });
  });

  it('tells of lines as they come', async () => {
    const lines: string[] = [];
    await shell('echo one; echo two >&2; printf three', {}, (line) => lines.push(line));
    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('counts 100 MB and keeps only their beginning', async () => {
    const before = process.memoryUsage().rss;
    const { stdout } = await shell('head -c 104857600 /dev/zero');
    expect(stdout).toMatchObject({ bytes: 104_857_600, truncated: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
  });
});

it('a block of which nothing is there begins, however often it has been looked for', async () => {
  const boots: (string | null)[] = [];
  const script = {
    name: 'runbook.md',
    text: 'echo ran',
    line: 1,
    cwd: null,
    environment: {},
    timeoutMs: 20_000,
  };
  const host = localHost({ directory: '/' });
  const record: ShellRun['record'] = async (fact) => {
    if (fact.type === 'block-begun') boots.push(fact.boot);
  };
  const first = await runShell(host, script, { ...newRun(), record });
  await first.forget();
  const answered = { type: 'block-begun', unit: `${newRunId()}/block.1`, boot: boots[0] ?? null } as const;
  const begun: Begun = {
    ...{ run: '20260301-000000-0000', name: 'block', attempt: 1 },
    ...{ at: '2026-03-01T00:00:00Z', answered, prepared: [] },
  };
  for (let times = 0; times < 2; times++) {
    const { output, forget } = await runShell(host, script, { ...newRun(), begun });
    await forget();
    expect(output).toMatchObject({ exitCode: 0, stdout: { text: 'ran\n' } });
  }
});

describe('an end from outside', () => {
  it('that comes before the script does lets it not begin', async () => {
    const directory = await temporaryDirectory();
    const controller = new AbortController();
    // As beyond ssh: what was started there outlives the client.
    const late =
      'read -r first; echo "$first"; until [ -e "$0/go" ]; do sleep 0.05; done; cat; } | { "$@"; echo >"$0/done"; }';
    const start: Start = (argv) => {
      if (argv[3] !== SUPERVISE) return spawn(argv[0] ?? '', argv.slice(1));
      const child = spawn('bash', ['-c', `{ { ${late}; } <&0 & wait`, directory, ...argv]);
      const { stdin } = child;
      const write = stdin.write.bind(stdin);
      // Once the script is on its way, and before it arrives.
      stdin.write = (chunk: unknown) => {
        if (String(chunk).includes('\0')) controller.abort();
        return write(chunk);
      };
      return child;
    };
    const host = { ...localHost({ directory }), start };
    const more = { host, cwd: directory };
    const output = await shell('echo begun >begun', more, undefined, controller.signal);
    expect(output.interrupted).toBe(true);
    await writeFile(`${directory}/go`, '');
    await appears(`${directory}/done`);
    expect(readdirSync(directory).sort()).toEqual(['done', 'go']);
  });

  it('comes when time runs out, to everything that the block started', async () => {
    const directory = await temporaryDirectory();
    const output = await shell('sleep 1000 & echo $! >pid; wait', { cwd: directory, timeoutMs: 300 });
    expect(output.timedOut).toBe(true);
    const { stdout } = await shell('kill -0 "$(cat pid)" 2>/dev/null && echo alive || echo dead', {
      cwd: directory,
    });
    expect(stdout.text).toBe('dead\n');
  });

  it.each(['kill $$', '(kill $$)', "bash -c 'kill $PPID'"])('comes of the block’s own `%s`', async (kill) => {
    const output = await shell(`trap 'echo left' EXIT; ${kill}; while :; do :; done`);
    expect(output).toMatchObject({ exitCode: 143, timedOut: false });
  });

  it('comes when the run is interrupted', async () => {
    const controller = new AbortController();
    const output = await shell('echo begun; sleep 1000', {}, () => controller.abort(), controller.signal);
    expect(output).toMatchObject({ timedOut: false, stdout: { text: 'begun\n' } });
    expect(output.exitCode).toBeGreaterThan(128);
  });

  /** Interrupts a block when it says that it has begun. */
  const interrupted = (text: string, cwd: string) => {
    const controller = new AbortController();
    return shell(text, { cwd }, () => controller.abort(), controller.signal);
  };

  it('comes for good where SIGTERM is not heard', async () => {
    const directory = await temporaryDirectory();
    const text = "trap '' TERM; echo $BASHPID >pid; echo begun; while :; do sleep 0.1 || true; done";
    expect(await interrupted(text, directory)).toMatchObject({ timedOut: false, interrupted: true });
    // What was killed is a process until its new parent has heard of it.
    await expect.poll(() => isAlive(directory), { timeout: 120_000 }).toBe(false);
  });

  it('comes also where a process that left the group holds the streams open', async () => {
    const directory = await temporaryDirectory();
    // Its own session: no signal to the block's group reaches it, once it is in it and says so.
    const text = `setsid sh -c 'echo $$ >pid; echo begun; exec sleep 1000' & wait`;
    try {
      expect(await interrupted(text, directory)).toMatchObject({ interrupted: true });
      expect(await isAlive(directory)).toBe(true);
    } finally {
      await shell('kill "$(cat pid)"', { cwd: directory });
    }
  });

  it('is the one that came first', async () => {
    const controller = new AbortController();
    const text = "trap '' TERM; echo begun; while :; do sleep 0.1 || true; done";
    const onLine = () => controller.abort();
    const output = await shell(text, { timeoutMs: 3000 }, onLine, controller.signal);
    expect(output).toMatchObject({ timedOut: false, interrupted: true });
  });

  it('does not come at once of a timeout of a year', async () => {
    const year = 365 * 24 * 3600 * 1000;
    expect(await shell('echo done', { timeoutMs: year })).toMatchObject({ timedOut: false, exitCode: 0 });
  });

  const isAlive = async (cwd: string) =>
    (await shell('kill -0 "$(cat pid)" 2>/dev/null && echo alive || true', { cwd })).stdout.text !== '';
});

describe('no shell at all', () => {
  const host = localHost({ directory: '/' });
  const script = { name: 'x', text: 'true', line: 1, cwd: null, environment: {}, timeoutMs: 5000 };

  it('is not the same as a failure', async () => {
    const missing = { name: 'there', start: () => host.start(['no-such-program']) };
    await expect(runShell(missing, script, newRun())).rejects.toThrow(CannotRun);
    const failing = {
      name: 'there',
      start: (argv: string[]) => host.start(['sh', '-c', 'echo "host unreachable" >&2; exit 255', ...argv]),
    };
    await expect(runShell(failing, script, newRun())).rejects.toThrow(new CannotRun('host unreachable'));
  });

  it('is not what there was where a signal ended it early', async () => {
    const killed = { name: 'there', start: () => host.start(['sh', '-c', 'kill -9 $$']) };
    await expect(runShell(killed, script, newRun())).rejects.toThrow(
      'the shell was ended by SIGKILL before its block began',
    );
  });

  it('is begun where it cannot be recorded that it begins', async () => {
    const directory = await temporaryDirectory();
    const record = async () => {
      throw new Error('the disk is full');
    };
    const touching = { ...script, text: 'touch ran', cwd: directory };
    await expect(runShell(host, touching, { ...newRun(), record })).rejects.toThrow('the disk is full');
    expect(existsSync(join(directory, 'ran'))).toBe(false);
  });
});
