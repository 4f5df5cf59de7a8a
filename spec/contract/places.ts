import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MB, type Suite } from './suite.ts';

/** What holds for a shell wherever it runs: what goes in, what comes out, and how it ends. */
export function placeCases({ sh, opened }: Suite): void {
  describe.each(['local', 'nas', 'redis'])('on=%s', (on) => {
    it('gives both streams and the exit status', async () => {
      expect(await sh(on, 'echo out; echo err >&2; exit 37')).toMatchObject({
        exitCode: 37,
        timedOut: false,
        stdout: { text: 'out\n' },
        stderr: { text: 'err\n' },
      });
    });

    it('stops at the first failure and names its line of the runbook', async () => {
      const { exitCode, stdout, stderr } = await sh(on, 'true\nno-such-command\necho on');
      expect({ exitCode, stdout: stdout.text }).toEqual({ exitCode: 127, stdout: '' });
      expect(stderr.text).toContain('runbook.md: line 5: no-such-command');
    });

    it('sees the variables that it is given, and says what it exports', async () => {
      const text = 'echo "$GREETING / $EARLIER"; export BACKUP="a b\'c\n$EARLIER" QUIET=; hidden=x';
      const { stdout, exports } = await sh(on, text, { variables: { EARLIER: 'über "alles" $HOME' } });
      expect(stdout.text).toBe('from the front matter / über "alles" $HOME\n');
      expect(exports).toEqual({ BACKUP: 'a b\'c\nüber "alles" $HOME', QUIET: '' });
    });

    it('prints the words of every process, in which no value of a variable stands, and ends', async () => {
      const value = `value-${randomInt(1_000_000_000)}`;
      const words = `for p in /proc/[0-9]*; do { tr '\\0' ' ' <"$p/cmdline"; echo; } 2>/dev/null || true; done`;
      const text = `${words}; echo beside; set; env; cat /proc/[0-9]*/environ 2>/dev/null || true; echo; echo whole`;
      const { exitCode, stdout } = await sh(on, text, { variables: { EARLIER: value } });
      expect(exitCode).toBe(0);
      const [processes, variables] = stdout.text.split('\nbeside\n');
      expect(processes).toContain('bash');
      expect(processes).not.toContain(value);
      expect(variables).toContain(value);
      expect(variables).toMatch(/\nwhole\n$/);
    });

    it('runs where cwd says', async () => {
      expect((await sh(on, 'pwd', {}, 'cwd=/usr')).stdout.text).toBe('/usr\n');
    });

    it('is not swallowed by a command that reads standard input', async () => {
      expect((await sh(on, 'cat\necho after')).stdout.text).toBe('after\n');
    });

    it('keeps binary output as it is', async () => {
      expect((await sh(on, "printf '\\000\\377\\200\\n'")).stdout.bytes).toBe(4);
    });

    it('gives 100 MB without keeping them', async () => {
      const before = process.memoryUsage().rss;
      const { stdout } = await sh(on, `head -c ${100 * MB} /dev/zero`);
      expect(stdout).toMatchObject({ bytes: 100 * MB, truncated: true });
      expect(process.memoryUsage().rss - before).toBeLessThan(80 * MB);
    });

    it('ends what runs there when time runs out', async () => {
      const seconds = randomInt(100_000, 1_000_000);
      const text = `echo begun; sleep ${seconds} & sleep ${seconds}`;
      // It takes a moment to get into a container, and what has not begun proves nothing.
      const output = await sh(on, text, {}, on === 'redis' ? 'timeout=4s' : 'timeout=2s');
      expect(output).toMatchObject({ timedOut: true, stdout: { text: 'begun\n' } });
      expect(await countProcesses(sh, on, `sleep ${seconds}`)).toBe(0);
    });

    it('ends what runs there when the run is interrupted', async () => {
      const seconds = randomInt(100_000, 1_000_000);
      const controller = new AbortController();
      const output = await sh(on, `echo begun; sleep ${seconds}`, {
        onLine: () => controller.abort(),
        signal: controller.signal,
      });
      expect(output.timedOut).toBe(false);
      expect(output.exitCode).not.toBe(0);
      expect(await countProcesses(sh, on, `sleep ${seconds}`)).toBe(0);
    });
  });

  it.each(['nas', 'redis'])('ends what runs on=%s also where SIGTERM is not heard', async (on) => {
    const seconds = randomInt(100_000, 1_000_000);
    const controller = new AbortController();
    const output = await sh(on, `trap '' TERM; echo begun; sleep ${seconds}`, {
      onLine: () => controller.abort(),
      signal: controller.signal,
    });
    expect(output).toMatchObject({ interrupted: true, stdout: { text: 'begun\n' } });
    expect(await countProcesses(sh, on, `sleep ${seconds}`)).toBe(0);
  });

  it('begins blocks on=nas in the project directory and on=local beside the runbook', async () => {
    expect((await sh('nas', 'pwd -P')).stdout.text).toBe(`${opened().projectDirectory}\n`);
    expect((await sh('local', 'pwd -P')).stdout.text).toBe(`${opened().localDirectory}\n`);
    expect((await sh('nas', 'ls compose.yaml')).stdout.text).toBe('compose.yaml\n');
  });
}

/** By /proc, as slim images have no ps. The pattern does not match itself. */
async function countProcesses(sh: Suite['sh'], on: string, command: string): Promise<number> {
  const pattern = `[${command[0]}]${command.slice(1)}`;
  const text = [
    'for file in /proc/[0-9]*/cmdline; do',
    "  { tr '\\0' ' ' <\"$file\" && echo; } 2>/dev/null || true",
    `done | grep -c '${pattern}' || true`,
  ];
  return Number((await sh(on, text.join('\n'))).stdout.text);
}
