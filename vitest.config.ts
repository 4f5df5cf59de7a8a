import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { PURE } from './rooms.mjs';
import { LongestFirst } from './spec/support/sequencer.ts';

/** Specs of rooms that have no effects leave none either: they share a process, and need no server. */
const LIGHT = [...PURE, 'journal', 'report'].map((room) => `spec/${room}/**/*.spec.ts`);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'light', include: LIGHT, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['spec/**/*.spec.ts'],
          exclude: LIGHT,
          globalSetup: ['spec/support/global-setup.ts'],
        },
      },
    ],
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
