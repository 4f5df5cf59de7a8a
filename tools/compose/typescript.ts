// What a Node that strips no types by itself loads TypeScript with, as Node 22.18 does: types become blanks, so lines
// and columns stay, and what is more than types (an enum) is refused. Runs in the loader's thread, from one compiled file.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadHook } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keep } from '../cache.ts';

/** Changes where what is kept of a source would be another. */
const MAKE = '1';

let directory = '';

/** `kept` is the directory where sources without their types are kept, by their content: many start, and few change. */
export function initialize(kept: string): void {
  directory = kept;
}

export const load: LoadHook = async (url, context, next) => {
  if (!/^file:.*\.[mc]?ts(?:$|[?#])/.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  if (/[\\/]node_modules[\\/]/.test(path))
    throw new TypeError(`Node strips no types in packages, and ${path} is in node_modules`);
  const source = await strippedOf(readFileSync(path, 'utf8'), path);
  return { format: formatOf(path, source), source: `${source}\n\n//# sourceURL=${url}`, shortCircuit: true };
};

async function strippedOf(text: string, path: string): Promise<string> {
  const kept = join(directory, createHash('sha256').update(`${MAKE} ${text}`).digest('hex'));
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const stripped = await strip(text, path);
    keep(kept, stripped);
    return stripped;
  }
}

/** Throws Node's own kinds of errors, with the place. */
async function strip(text: string, filename: string): Promise<string> {
  // It takes a tenth of a second to load, which only a source that nobody has started yet pays.
  const { transformSync } = await import('@swc/wasm-typescript');
  try {
    return transformSync(text, { mode: 'strip-only', deprecatedTsModuleAsError: true, filename }).code;
  } catch (error) {
    const { message, code, startLine, snippet } = error as SwcError;
    const thrown = new SyntaxError(message);
    thrown.stack = `${filename}:${startLine}\n${snippet}\n${thrown.stack}`;
    const isMore = code === 'UnsupportedSyntax';
    throw Object.assign(thrown, {
      code: isMore ? 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' : 'ERR_INVALID_TYPESCRIPT_SYNTAX',
    });
  }
}

/** What the stripper throws, which is no Error. */
interface SwcError {
  message: string;
  code?: string;
  startLine?: number;
  snippet?: string;
}

function formatOf(path: string, source: string): 'module' | 'commonjs' {
  if (path.endsWith('.mts')) return 'module';
  if (path.endsWith('.cts')) return 'commonjs';
  const type = packageType(dirname(path));
  if (type === 'module' || type === 'commonjs') return type;
  return /^[ \t]*(?:import|export)\b(?!\()/m.test(source) ? 'module' : 'commonjs';
}

/** The `type` of the nearest package.json; null where it says none, or there is no such file. */
function packageType(directory: string): string | null {
  try {
    const { type } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { type?: string };
    return type ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return dirname(directory) === directory ? null : packageType(dirname(directory));
  }
}
