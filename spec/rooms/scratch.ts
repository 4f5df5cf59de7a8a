import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { temporaryDirectory } from '../support/tmp.ts';

/** A finding of dependency-cruiser's: which rule refuses which import. */
interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

interface Cruise {
  modules: { source: string; dependencies: { resolved: string }[] }[];
  summary: { violations: Violation[] };
}

/** Lines of source by their file's path, relative to a project. */
export type Sources = Record<string, string[]>;

const RULES = [
  'rooms.mjs',
  '.dependency-cruiser.mjs',
  'biome.json',
  'pure.grit',
  'tsconfig.json',
  '.gitignore',
];

/** A temporary directory with these sources and the project's own rules for the linters. */
export async function scratchProject(sources: Sources): Promise<string> {
  const directory = await temporaryDirectory();
  for (const rule of RULES) await copyFile(rule, join(directory, rule));
  for (const [path, lines] of Object.entries(sources)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), `${lines.join('\n')}\n`);
  }
  return directory;
}

/** What dependency-cruiser finds in the tools of a project. */
export async function cruise(project: string): Promise<Cruise> {
  const { stdout } = await execa(program('depcruise'), ['tools', '--output-type', 'json'], {
    cwd: project,
    reject: false,
  });
  return JSON.parse(stdout) as Cruise;
}

/** The files of a project that Biome refuses, sorted. */
export async function refusedByBiome(project: string): Promise<string[]> {
  const { stdout } = await execa(
    program('biome'),
    ['lint', '--reporter=github', '--max-diagnostics=none', 'tools'],
    { cwd: project, reject: false },
  );
  const files = [...stdout.matchAll(/^::error [^:]*?file=([^,]+),/gm)].map(([, file = '']) => file);
  return [...new Set(files.map((file) => file.slice(file.indexOf('tools/'))))].sort();
}

const program = (name: string) => resolve('node_modules/.bin', name);
