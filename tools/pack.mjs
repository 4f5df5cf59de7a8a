// Makes `dist`, which the package has in the place of the sources: `npm pack` calls it.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePackage } from './compile.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const types = join(root, 'dist/types');

await compilePackage();
chmodSync(join(root, 'dist/runbook.mjs'), 0o755);
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.package.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
removeOthers(new Set(['index.d.ts', 'vitest.d.ts', 'vitest-plugin.d.ts'].map((name) => join(types, name))));

/** Of the declarations, those are kept that somebody can name: the entries', and what they lead to. */
function removeOthers(/** @type {Set<string>} */ kept) {
  for (const file of kept)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.ts'/g))
      kept.add(resolve(dirname(file), `${path}.d.ts`));
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const path = join(types, name);
    if (name.endsWith('.ts') && !kept.has(path)) rmSync(path);
  }
}
