import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

const readJson = async (path: string) => JSON.parse(await readFile(resolve(ROOT, path), 'utf8'));

/** The image installs the services' own lock file, the embedded engine uses this repository's packages. */
it('runs the same version of each package in the image and on the embedded engine', async () => {
  const services = await readJson('fixtures/stack/services/package-lock.json');
  const root = await readJson('package-lock.json');
  const used = Object.keys(services.packages[''].dependencies);
  expect(used).toEqual(['@redis/client', 'fastify', 'postgres']);
  for (const name of used.map((name) => `node_modules/${name}`)) {
    expect(services.packages[name].version, name).toBe(root.packages[name].version);
  }
});
