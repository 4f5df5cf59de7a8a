import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts'],
    globalSetup: ['spec/support/global-setup.ts'],
    // Most specs wait for a server or a container most of the time: one less than the cores would leave them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // They end what hangs and judge nothing: what takes a second alone may take a minute beside others.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
