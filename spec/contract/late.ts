import { describe, expect, it } from 'vitest';
import type { ShellOutput } from '../../tools/outcome/output.ts';
import type { Suite } from './suite.ts';

/** What holds for what a block leaves running in the background. */
export function lateCases({ sh }: Suite): void {
  /** Ends what a case left, which nobody else does: a name that is said nowhere else is in its words. */
  const end = ({ left = [] }: ShellOutput, on: string) =>
    sh(on, `kill ${left.map(({ pid }) => pid).join(' ')} 2>/dev/null || :`);

  // Each of them waits for what holds its output: side by side, they wait once.
  describe.concurrent.each(['nas', 'local', 'postgres'])(
    'what a block on=%s leaves in the background',
    (on) => {
      it('may write out what it holds: nothing of it is lost, and nothing of it is a variable', async () => {
        const output = await sh(
          on,
          "export EARLY=1\n(sleep 1; echo late; echo 'LATE=variable'; printf 'LATER=variable\\0'; echo late >&2) &",
        );
        expect(output).toMatchObject({ exitCode: 0, exports: { EARLY: '1' } });
        expect(output.stdout.text).toBe('late\nLATE=variable\nLATER=variable\0');
        expect(output.stderr.text).toBe('late\n');
        expect(Object.keys(output.exports)).toEqual(['EARLY']);
        expect(output.left).toBeUndefined();
      });

      it('is named where it goes on to hold the output', async () => {
        const output = await sh(on, 'sleep 987 &\n(sleep 988; echo late) &\necho done');
        await end(output, on);
        expect(output).toMatchObject({ exitCode: 0, stdout: { text: 'done\n' } });
        const commands = (output.left ?? []).map(({ command }) => command).sort();
        expect(commands).toEqual(['a part of the block itself', 'sleep 987', 'sleep 988']);
      });

      it('is named in a session of its own, too, and where it holds standard error alone', async () => {
        const output = await sh(on, 'command -v setsid >/dev/null\nsetsid sleep 989 >/dev/null &');
        await end(output, on);
        expect(output.left).toMatchObject([{ command: 'sleep 989' }]);
      });

      it('is in peace where it has an output of its own', async () => {
        const output = await sh(on, 'nohup sleep 30 >/dev/null 2>&1 &\necho "$!"');
        expect(output).toMatchObject({ exitCode: 0 });
        expect(output.left).toBeUndefined();
        const alive = await sh(on, `kill ${output.stdout.text.trim()} && echo alive`);
        expect(alive.stdout.text).toBe('alive\n');
      });
    },
  );
}
