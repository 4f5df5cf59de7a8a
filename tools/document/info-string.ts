import { suggestion } from '../text/nearest.ts';
import { ATTRIBUTES, type Attributes } from './attributes.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';

/** Runme's own, which say nothing to this tool and are let be. */
const RUNME_ONLY = new Set([
  'id',
  'category',
  'closeTerminalOnSuccess',
  'mimeType',
  'promptEnv',
  'terminalRows',
]);

/** Reads an info string that begins at `at`; what it cannot read is reported and left out. */
export function parseInfoString(info: string, at: Place, report: Report): Attributes {
  const [, rest = ''] = /^\s*[^\s{]*\s*(.*)$/s.exec(info) ?? [];
  const attributes: Attributes = {};
  if (rest === '') return attributes;
  const place = { line: at.line, column: at.column + info.indexOf(rest) };
  const seen = new Set<string>();
  for (const [key, value, offset] of pairsOf(rest, place, report)) {
    const there = { line: place.line, column: place.column + offset };
    if (seen.has(key)) report(problems.attributeTwice(there, key));
    seen.add(key);
    readAttribute(key, value, there, attributes, report);
  }
  return attributes;
}

function readAttribute(key: string, value: string, at: Place, into: Attributes, report: Report): void {
  const attribute = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (!attribute) {
    if (RUNME_ONLY.has(key)) return;
    report(problems.unknownAttribute(at, key, suggestion(key, Object.keys(ATTRIBUTES))));
    return;
  }
  const reading = attribute.read(value);
  if ('ok' in reading) Object.assign(into, reading.ok);
  else report(problems.unreadableAttribute(at, `${key}=${value}`, reading.want));
}

/** The attributes of ours that an info string names, whether or not its fence runs. */
export function attributeNames(info: string): string[] {
  const open = info.indexOf('{');
  const inner = open < 0 ? '' : info.slice(open + 1, Math.max(0, info.lastIndexOf('}')));
  const names = [...inner.matchAll(/(?<![\w-])([\w-]+)["']?\s*[=:]/g)].map(([, name = '']) => name);
  return names.filter((name) => Object.hasOwn(ATTRIBUTES, name));
}

type Pair = [key: string, value: string, offset: number];

/** The pairs of `{ a=b c="d e" }`, or of a JSON object, which Runme writes too. */
function pairsOf(text: string, at: Place, report: Report): Pair[] {
  const inner = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) {
    report(problems.noAttributes(at, text));
    return [];
  }
  return jsonPairs(text) ?? plainPairs(inner, at, report);
}

function jsonPairs(text: string): Pair[] | null {
  // A reader that fails takes longer than all else of a block does.
  if (!/^\{\s*["}]/.test(text)) return null;
  try {
    return Object.entries(JSON.parse(text) as object).map(([key, value]) => [key, String(value), 0]);
  } catch {
    return null;
  }
}

function plainPairs(inner: string, at: Place, report: Report): Pair[] {
  const pairs: Pair[] = [];
  for (const match of inner.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)|\S+/g)) {
    const [whole, key, double, single, bare] = match;
    const offset = match.index + 1;
    if (key !== undefined) pairs.push([key, double ?? single ?? bare ?? '', offset]);
    else report(problems.noAttribute({ ...at, column: at.column + offset }, whole));
  }
  return pairs;
}
