import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/**
 * The arguments that make this Node run a TypeScript file: none where it strips types itself, which spares a
 * quarter of a second at each start; tsx's loader elsewhere.
 */
export const typescriptArguments: string[] =
  (process.features as { typescript?: unknown }).typescript === 'strip'
    ? []
    : ['--import', pathToFileURL(require.resolve('tsx/esm')).href];
