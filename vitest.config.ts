import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './spec/support/sequencer.ts';

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts'],
    globalSetup: ['spec/support/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    // Specs wait for servers and containers, whose work they are: one less than the cores would leave two of them idle, and
    // one more was measured to make each file take that much longer.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // They end what hangs and judge nothing: what takes a second alone may take a minute beside others.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
