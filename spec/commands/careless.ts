import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { endWith } from '../../tools/commands/ending.ts';

// Commands as careless as can be: `careless.ts waits|throws|exits`.
const COMMANDS: Record<string, () => Promise<1>> = {
  /** For a child that by itself does not keep the process. */
  async waits() {
    const child = spawn('sleep', ['0.5'], { stdio: 'ignore' });
    child.unref();
    await once(child, 'exit');
    return 1;
  },
  async throws() {
    setTimeout(() => {
      throw new Error('nobody foresaw this');
    }, 0);
    return new Promise(() => undefined);
  },
  async exits() {
    await setImmediate();
    process.exit(0);
  },
};

await endWith((COMMANDS[process.argv[2] ?? ''] as () => Promise<1>)());
