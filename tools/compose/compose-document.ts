import { readFile, stat } from 'node:fs/promises';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document as Yaml } from 'yaml';
import { type Excess, excessOfAliases, excessOfText, MOST_BYTES } from './compose-limits.ts';
import { ComposeFileError } from './errors.ts';

/** A compose.yaml as it is written: variables are not replaced, and what a service may say is not checked. */
export interface ComposeDocument {
  /** The whole file as plain values. */
  value: Record<string, unknown> & { services: Record<string, object> };
  /** `compose.yaml:12:3`, of the key at `path` or of the nearest around it. */
  at(path: readonly PropertyKey[]): string;
}

/** Names become directories and sockets, so they are held to what Compose allows. */
const NAME = /^[a-zA-Z0-9._-]+$/;

/** Whether a service or a volume may be called so. */
export const isName = (name: string) => NAME.test(name) && name !== '.' && name !== '..';

/** What to do about a name that is none. */
export const NO_NAME = 'use letters, digits, dots, hyphens and underscores';

/**
 * Reads a compose.yaml: YAML with services, whose names (and those of volumes) are names.
 * Throws ComposeFileError where it is anything else.
 */
export async function readComposeDocument(path: string): Promise<ComposeDocument> {
  const text = await read(path);
  const lineCounter = new LineCounter();
  const placed = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const refuse = (excess: Excess | null) => {
    if (excess) throw new ComposeFileError(`${placed(excess.offset)}: ${excess.message}`);
  };
  refuse(excessOfText(text, lineCounter));
  const document = parseDocument(text, { merge: true, prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error)
    throw new ComposeFileError(`${placed(error.pos[0])}: this is no YAML: ${error.message}; mend it`);
  refuse(excessOfAliases(document));
  const value = plain(document, path);
  const at = (keys: readonly PropertyKey[]) => placed(offsetOf(document, keys));
  if (!hasServices(value)) {
    throw new ComposeFileError(`${at(['services'])}: no service is here: write each one below \`services:\``);
  }
  checkNames(value, at);
  return { value, at };
}

async function read(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new ComposeFileError(`${path}: this is no file: put the compose file there`);
    if (found.size > MOST_BYTES) {
      const why = `it has ${found.size} bytes, and a compose file may have ${MOST_BYTES}`;
      throw new ComposeFileError(`${path}: ${why}: take out what does not belong there`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof ComposeFileError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new ComposeFileError(`${path}: it cannot be read: ${message}`);
    const remedy = '`replica` in the front matter names it, or its directory';
    throw new ComposeFileError(`${path}: there is no such file; ${remedy}`);
  }
}

function plain(document: Yaml, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: -1 });
  } catch (error) {
    // Such as a merge of what is no mapping; it does not say where.
    throw new ComposeFileError(`${path}:1:1: this is no YAML: ${(error as Error).message}; mend it`);
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** None at all may be meant, where it says so: `services: {}`. */
const hasServices = (value: unknown): value is ComposeDocument['value'] =>
  isMapping(value) && isMapping(value.services);

function checkNames({ services, volumes }: ComposeDocument['value'], at: ComposeDocument['at']): void {
  const groups = { services, volumes: isMapping(volumes) ? volumes : {} };
  for (const [group, values] of Object.entries(groups)) {
    for (const name of Object.keys(values)) {
      if (isName(name)) continue;
      throw new ComposeFileError(`${at([group, name])}: "${name}" is no name of ${group}: ${NO_NAME}`);
    }
  }
  for (const [name, service] of Object.entries<unknown>(services)) {
    if (isMapping(service)) continue;
    const remedy = 'write `image:` or `build:` below it';
    throw new ComposeFileError(`${at(['services', name])}: service "${name}" says nothing: ${remedy}`);
  }
}

/** Where a key or an item of a list stands, or else the nearest one around it that is there. */
function offsetOf({ contents }: Yaml, path: readonly PropertyKey[]): number {
  let [node, offset] = [contents as unknown, 0];
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => keyOf(key) === String(step)) : undefined;
    const [place, next] = isSeq(node)
      ? [node.items[Number(step)], node.items[Number(step)]]
      : [pair?.key, pair?.value];
    const { range } = (place ?? {}) as { range?: [number, number, number] };
    if (!range) break;
    [node, offset] = [next, range[0]];
  }
  return offset;
}

const keyOf = (key: unknown) => (isScalar(key) ? String(key.value) : String(key));
