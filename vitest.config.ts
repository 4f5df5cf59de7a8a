import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './spec/support/sequencer.ts';

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts'],
    globalSetup: ['spec/support/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    // Most specs wait for a server or a container half of the time: as many as there are cores would leave them idle.
    maxWorkers: availableParallelism() + 1,
    // They end what hangs and judge nothing: what takes a second alone may take a minute beside others.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
