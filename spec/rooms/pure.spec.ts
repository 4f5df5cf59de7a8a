import { expect, it } from 'vitest';
import { PURE } from '../../rooms.mjs';
import { refusedByBiome, type Sources, scratchProject } from './scratch.ts';

/** What no pure room may do, one file each. */
const IMPURE: Record<string, string> = {
  'clock-date': 'export const now = Date.now();',
  'clock-new-date': 'export const now = new Date();',
  'clock-performance': 'export const now = performance.now();',
  'clock-timeout': 'setTimeout(() => undefined, 1);',
  'clock-interval': 'setInterval(() => undefined, 1);',
  'clock-signal': 'export const over = AbortSignal.timeout(1);',
  'clock-hidden': 'export const now = globalThis.Date.now();',
  'chance-math': 'export const chance = Math.random();',
  'chance-function': 'export const chance = Math.random;',
  'chance-name': 'export const { random } = Math;',
  'chance-key': "export const chance = Math['random']();",
  'chance-crypto': 'export const chance = crypto.randomUUID();',
  'chance-import': "import { randomUUID } from 'node:crypto';\nexport const chance = randomUUID();",
  environment: 'export const home = process.env.HOME;',
  directory: 'export const directory = process.cwd();',
  'environment-import': "import { env } from 'node:process';\nexport const home = env.HOME;",
  locale: 'export const locale = new Intl.NumberFormat();',
  effect: "export const page = fetch('http://127.0.0.1');",
  'effect-console': "console.log('text');",
  builtin: "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('a');",
  'builtin-without-node': "import { readFileSync } from 'fs';\nexport const text = readFileSync('a');",
  'builtin-dynamic': "export const os = await import('node:os');",
  'builtin-required': "export const os = require('node:os');",
  package: "import { execa } from 'execa';\nexport const run = execa;",
};

/** What a pure room may well do. */
const HARMLESS = [
  "import { createHash } from 'node:crypto';",
  "import { z } from 'zod';",
  "import Token from 'markdown-it/lib/token.mjs';",
  "import { one } from '../text/one.ts';",
  "import { two } from './two.ts';",
  'export const all = [createHash, z, Token, one, two, Math.max(1, 2), structuredClone({}), new URL("a:b")];',
];

it.each(PURE)('%s: clock, chance, environment, effects and builtins are refused', async (room) => {
  const sources: Sources = { [`tools/${room}/harmless.ts`]: HARMLESS };
  for (const [name, code] of Object.entries(IMPURE)) sources[`tools/${room}/${name}.ts`] = code.split('\n');
  const due = Object.keys(IMPURE).map((name) => `tools/${room}/${name}.ts`);
  expect(await refusedByBiome(await scratchProject(sources))).toEqual(due.sort());
});
