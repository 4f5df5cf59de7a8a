import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

interface Esbuild {
  buildSync(options: Record<string, unknown>): unknown;
}

/**
 * Writes the `docker` command as one plain JavaScript file: blocks start it often, and tsx would take three
 * times as long for each start as the command itself. The compiler is the one that tsx brings along.
 */
export async function writeDockerProgram(path: string): Promise<void> {
  const esbuild = createRequire(require.resolve('tsx/package.json')).resolve('esbuild');
  const { buildSync } = ((await import(pathToFileURL(esbuild).href)) as { default: Esbuild }).default;
  // Synchronously, for otherwise the compiler would go on running beside the rehearsal.
  buildSync({
    entryPoints: [fileURLToPath(new URL('docker.ts', import.meta.url))],
    outfile: path,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' },
  });
}
