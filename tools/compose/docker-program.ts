import { fileURLToPath } from 'node:url';

/** Packages in CommonJS call `require` for Node's own modules, and a module has none by itself. */
const REQUIRE = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url);`;

/**
 * Writes the `docker` command as one plain JavaScript file: blocks start it often, and tsx would take three
 * times as long for each start as the command itself.
 */
export async function writeDockerProgram(path: string): Promise<void> {
  // Loaded here, as most that use this part make no replica.
  const { buildSync } = await import('esbuild');
  // Synchronously, for otherwise the compiler would go on running beside the rehearsal.
  buildSync({
    entryPoints: [fileURLToPath(new URL('docker.ts', import.meta.url))],
    outfile: path,
    banner: { js: REQUIRE },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' },
  });
}
